import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import {
  MAX_CATEGORIES,
  MAX_INPUTS,
  canBeTarget,
  kindsOf,
  possibleInputs,
  summary,
  withInput,
  withTarget,
} from '../../static/js/lib/table-choice.js';
import { MAX_BYTES } from '../../static/js/lib/upload.js';

/** @import {ColumnPreview, TableChoice, TablePreview} from '../../static/js/protocol.js' */

/**
 * @param {string} name
 * @param {Partial<ColumnPreview>} [more]
 * @returns {ColumnPreview}
 */
function column(name, more = {}) {
  const number = { kind: /** @type {const} */ ('number'), can_be_number: true, can_be_category: true };
  return { name, missing: 0, distinct: 50, examples: [], can_be_target_class: false, ...number, ...more };
}

/** @param {number} distinct */
const words = (distinct) => ({
  kind: /** @type {const} */ ('category'),
  can_be_number: false,
  distinct,
  can_be_target_class: distinct >= 2 && distinct <= 10,
});
const REMARK = { kind: /** @type {const} */ ('text'), can_be_number: false, can_be_category: false };

/**
 * @param {ColumnPreview[]} columns
 * @param {Partial<TableChoice>} choice
 * @returns {TablePreview}
 */
function table(columns, choice) {
  const kinds = columns.map(({ can_be_number: isNumber }) => (isNumber ? 'number' : 'category'));
  const guess = { target: 0, inputs: [], kinds, missing: 'impute', scaling: 'standardize', ...choice };
  const read = {
    name: 'some.csv',
    rows: 100,
    header: true,
    delimiter: ',',
    encoding: 'utf-8',
    notes: [],
    head: [],
  };
  return { ...read, columns, guess };
}

test('the limits are those of the server', () => {
  const source = readFileSync(new URL('../../playground/data/tables.py', import.meta.url), 'utf8');
  for (const [name, value] of Object.entries({ MAX_BYTES, MAX_CATEGORIES, MAX_INPUTS })) {
    const found = source.match(new RegExp(`^${name} = ([\\d_]+)$`, 'm'));
    assert.equal(Number(found?.[1].replaceAll('_', '')), value, name);
  }
});

test('a category counts as an input for each of its values, up to twelve', () => {
  const preview = table(
    [column('age'), column('job', words(4)), column('town', words(300)), column('sick', words(2))],
    { target: 3, inputs: [0, 1, 2] },
  );
  assert.deepEqual(summary(preview, preview.guess), {
    sentence: 'Predicts sick (2 classes) from 3 columns = 17 inputs.',
    possible: true,
  });
});

test('a number to predict is called one, and a single column is not several', () => {
  const preview = table([column('Month'), column('Passengers')], { target: 1, inputs: [0] });
  assert.equal(
    summary(preview, preview.guess).sentence,
    'Predicts Passengers (a number) from 1 column = 1 input.',
  );
});

test('rows that are left out may take a category with them', () => {
  const preview = table([column('y'), column('job', words(4))], { inputs: [1], missing: 'drop' });
  assert.match(summary(preview, preview.guess).sentence, /= up to 4 inputs\.$/);
  assert.doesNotMatch(summary(preview, { ...preview.guess, missing: 'impute' }).sentence, /up to/);
});

test('what cannot be learned is said, not tried', () => {
  const jobs = Array.from({ length: 11 }, (_, index) => column(`job ${index}`, words(12)));
  const preview = table([column('town', words(300)), column('age'), ...jobs], { target: 0, inputs: [1] });
  /** @param {Partial<TableChoice>} choice */
  const said = (choice) => summary(preview, { ...preview.guess, ...choice });
  assert.deepEqual(said({}), {
    sentence: 'town has 300 different values; a class to predict has 2 to 10.',
    possible: false,
  });
  assert.deepEqual(said({ target: 1, inputs: [] }), {
    sentence: 'Choose at least one column to predict age from.',
    possible: false,
  });
  const crowd = said({ target: 1, inputs: jobs.map((_, index) => index + 2) });
  assert.match(crowd.sentence, /^11 columns = 132 inputs; at most 128 are accepted\./);
  assert.equal(crowd.possible, false);
});

test('the column that was predicted becomes an input when another is, unless it is a remark', () => {
  const preview = table([column('a'), column('b', words(3)), column('c')], { target: 2, inputs: [0, 1] });
  const changed = withTarget(preview, preview.guess, 0);
  assert.deepEqual([changed.target, changed.inputs], [0, [1, 2]]);
  assert.deepEqual(withTarget(preview, changed, 2), preview.guess);
  const remark = table([column('a'), column('note', REMARK)], { target: 1, inputs: [0] });
  assert.deepEqual(withTarget(remark, remark.guess, 0).inputs, []);
});

test('a category of many values is predicted as a number', () => {
  const preview = table([column('year'), column('y')], {
    target: 1,
    inputs: [0],
    kinds: ['category', 'number'],
  });
  assert.deepEqual(withTarget(preview, preview.guess, 0).kinds, ['number', 'number']);
});

test('inputs stay in the order of the table', () => {
  const preview = table([column('a'), column('b'), column('c'), column('y')], { target: 3, inputs: [2] });
  const more = withInput(preview.guess, 0, true);
  assert.deepEqual(more.inputs, [0, 2]);
  assert.deepEqual(withInput(more, 2, false).inputs, [0]);
  assert.deepEqual(withInput(more, 0, true).inputs, [0, 2]);
});

test('a remark is neither predicted nor an input', () => {
  const preview = table([column('y'), column('note', REMARK), column('town', words(300))], {});
  assert.deepEqual(kindsOf(preview.columns[1]), []);
  assert.deepEqual(preview.columns.map(canBeTarget), [true, false, false]);
  assert.deepEqual(possibleInputs(preview, preview.guess), [2]);
});
