import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { controlGroups, sortedNames } from '../../static/js/lib/controls.js';

/** @import {Choices} from '../../static/js/catalogue.js' */
/** @import {Input} from '../../static/js/protocol.js' */

const SETTINGS = [
  { name: 'features', label: 'Input features', group: '', registry: 'feature' },
  { name: 'noise', label: 'Noise', group: 'data' },
  { name: 'optimizer', label: 'Optimizer', group: 'training' },
  { name: 'data_seed', label: 'Data seed', group: 'chance' },
  { name: 'split_seed', label: 'Split seed', group: 'chance' },
];

const choices = /** @type {Choices} */ (
  /** @type {unknown} */ ({
    settings: SETTINGS,
    setting: (/** @type {string} */ name) => SETTINGS.find((setting) => setting.name === name),
    entries: () => [{ name: 'x1', label: 'x₁' }],
  })
);

/** @param {Input[]} offered */
const namesOf = (offered) =>
  controlGroups(choices, offered).flatMap(({ controls }) => controls.map(({ name }) => name));

test('each control is offered once, settings by their own names', () => {
  const names = namesOf([]);
  assert.deepEqual([...new Set(names)], names);
  for (const name of ['noise', 'optimizer', 'data_seed', 'play', 'input.x1']) assert.ok(names.includes(name));
  assert.ok(!names.includes('features')); // it has no field: each input is a control of its own
});

test('the measurements of the present data are inputs, too', () => {
  const offered = /** @type {Input[]} */ ([
    { kind: 'column', name: '0', label: 'Sepal length' },
    { kind: 'formula', name: 'sin(x1)', label: 'sin(x1)' },
  ]);
  const more = namesOf(offered).filter((name) => !namesOf([]).includes(name));
  assert.deepEqual(more, ['input.0']);
});

test('names are parted into those that there are and others, each once', () => {
  assert.deepEqual(sortedNames(['play', 'banana', 'play', '', 'input.7', 'input.banana', 'noise'], choices), {
    known: ['play', 'input.7', 'noise'],
    unknown: ['banana', 'input.banana'],
  });
});

test('the guide names every control that is no setting', () => {
  const guide = readFileSync(new URL('../../docs/guide.md', import.meta.url), 'utf8');
  const settings = SETTINGS.map(({ name }) => name);
  const names = namesOf([]).filter((name) => !settings.includes(name) && !name.startsWith('input.'));
  assert.deepEqual(
    names.filter((name) => !guide.includes(`\`${name}\``)),
    [],
  );
});
