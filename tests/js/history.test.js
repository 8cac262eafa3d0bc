import assert from 'node:assert/strict';
import { test } from 'node:test';

import { emptyHistory, extended } from '../../static/js/lib/history.js';

/** @param {number[][]} rows */
const bytes = (rows) => new Uint8Array(Float32Array.from(rows.flat()).buffer);

test('rows become columns', () => {
  const history = extended(
    emptyHistory(),
    bytes([
      [0, 0.5, 0.75, 1, 1],
      [1, 0.25, 0.5, 1, 1],
    ]),
  );
  assert.deepEqual(history, { epoch: [0, 1], training: [0.5, 0.25], test: [0.75, 0.5] });
});

test('rows that are known already are left out', () => {
  const before = extended(
    emptyHistory(),
    bytes([
      [0, 1, 1, 0, 0],
      [1, 1, 1, 0, 0],
    ]),
  );
  const after = extended(
    before,
    bytes([
      [1, 9, 9, 0, 0],
      [2, 0.5, 0.5, 0, 0],
    ]),
  );
  assert.deepEqual(after.epoch, [0, 1, 2]);
  assert.deepEqual(after.training, [1, 1, 0.5]);
  assert.deepEqual(before.epoch, [0, 1], 'what was handed out stays as it was');
});

test('without new rows the history is the same object', () => {
  const history = extended(emptyHistory(), bytes([[3, 1, 1, 0, 0]]));
  assert.equal(extended(history, bytes([])), history);
  assert.equal(extended(history, bytes([[3, 2, 2, 0, 0]])), history);
});

test('bytes that do not begin at a multiple of four are read all the same', () => {
  const shifted = new Uint8Array([7, ...bytes([[4, 1, 2, 0, 0]])]).subarray(1);
  assert.deepEqual(extended(emptyHistory(), shifted).epoch, [4]);
});
