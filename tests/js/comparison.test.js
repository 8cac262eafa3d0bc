import assert from 'node:assert/strict';
import { test } from 'node:test';

import { emptyHistory } from '../../static/js/lib/history.js';
import { curvesOf, rowAt } from '../../static/js/views/chart/comparison.js';
import { lookOf } from '../../static/js/views/chart/looks.js';

const COLORS = [...'abcdefghij'];

test('of rows that were thinned out the nearest is read, and none beyond the last', () => {
  const epochs = [0, 10, 20, 23];
  assert.deepEqual(
    [0, 4, 6, 10, 22, 23, 24].map((epoch) => rowAt(epochs, epoch)),
    [0, 0, 1, 1, 3, 3, -1],
  );
  assert.equal(rowAt([], 3), -1);
  assert.equal(rowAt([5, 6], 0), 0);
});

test('a share of right answers and an R² are never in one chart', () => {
  const compared = [true, false].map((regression, id) => {
    return { id, name: '', slot: id, regression, history: emptyHistory() };
  });
  /** @param {'classes' | 'regression'} [only] */
  const shown = (only) => {
    const chart = { name: '', heading: '', columns: /** @type {const} */ (['training', 'test']), only };
    return curvesOf(compared, { ...chart, columns: ['training', 'test'] }).map(({ run }) => run.id);
  };
  assert.deepEqual([shown(), shown('classes'), shown('regression')], [[0, 1], [1], [0]]);
});

test('eight compared runs differ in colour, and also in dashes alone', () => {
  const looks = [...Array(8).keys()].map((slot) => lookOf(slot, COLORS));
  assert.equal(new Set(looks.map(({ color }) => color)).size, 8);
  assert.equal(new Set(looks.map(({ dashes }) => dashes.join())).size, 8);
});
