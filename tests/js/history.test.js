import assert from 'node:assert/strict';
import { test } from 'node:test';

import { historyCsv } from '../../static/js/lib/history-csv.js';
import { emptyHistory, extended } from '../../static/js/lib/history.js';

/** @param {number[][]} rows - the first numbers of each; those that are missing are 0 */
const bytes = (rows) =>
  new Uint8Array(Float32Array.from(rows.flatMap((row) => [...row, ...Array(7 - row.length).fill(0)])).buffer);

test('rows become columns', () => {
  const history = extended(
    emptyHistory(),
    bytes([
      [0, 0.5, 0.75, 0.25, 0.125, 3, 4],
      [1, 0.25, 0.5, 1, 0.875, 1, 2],
    ]),
  );
  assert.deepEqual(history, {
    epoch: [0, 1],
    training: [0.5, 0.25],
    test: [0.75, 0.5],
    trainingAccuracy: [0.25, 1],
    testAccuracy: [0.125, 0.875],
    trainingError: [3, 1],
    testError: [4, 2],
  });
});

test('rows that are known already are left out', () => {
  const before = extended(
    emptyHistory(),
    bytes([
      [0, 1, 1],
      [1, 1, 1],
    ]),
  );
  const after = extended(
    before,
    bytes([
      [1, 9, 9],
      [2, 0.5, 0.5],
    ]),
  );
  assert.deepEqual(after.epoch, [0, 1, 2]);
  assert.deepEqual(after.training, [1, 1, 0.5]);
  assert.notEqual(after, before, 'a change is seen');
  assert.equal(after.epoch, before.epoch, 'nothing is copied, however long the run is');
});

test('without new rows the history is the same object', () => {
  const history = extended(emptyHistory(), bytes([[3, 1, 1]]));
  assert.equal(extended(history, bytes([])), history);
  assert.equal(extended(history, bytes([[3, 2, 2]])), history);
});

test('bytes that do not begin at a multiple of four are read all the same', () => {
  const shifted = new Uint8Array([7, ...bytes([[4, 1, 2]])]).subarray(1);
  assert.deepEqual(extended(emptyHistory(), shifted).epoch, [4]);
});

test('a table of the history has every number exactly and leaves empty what is not known', () => {
  const rows = [
    [0, 0.1, 1 / 3, 0.5, 0.25, NaN, NaN],
    [1, 1e-9, 2 ** -20, 1, 1, NaN, NaN],
  ];
  const table = historyCsv(extended(emptyHistory(), bytes(rows)), false);
  const [names, ...lines] = table.trimEnd().split('\r\n');
  assert.equal(
    names,
    'epoch,training_loss,test_loss,training_accuracy,test_accuracy,' +
      'training_mean_absolute_error,test_mean_absolute_error',
  );
  lines.forEach((line, row) => {
    const cells = line.split(',');
    assert.deepEqual(cells.slice(5), ['', '']);
    assert.deepEqual(
      cells.slice(0, 5).map((cell) => Math.fround(Number(cell))),
      rows[row].slice(0, 5).map(Math.fround),
    );
  });
});

test('a table of a regression calls its score R²', () => {
  assert.match(historyCsv(emptyHistory(), true), /^epoch,training_loss,test_loss,training_r2,test_r2,/);
});
