import assert from 'node:assert/strict';
import { test } from 'node:test';

import { coordinates, nearest, nextIndex, placeOf, samplesIn } from '../../static/js/views/output/plane.js';

/**
 * @param {number[][]} rows - index, across, up, target
 */
const pointsOf = (rows) => ({
  index: Uint32Array.from(rows, ([index]) => index),
  across: Float32Array.from(rows, ([, across]) => across),
  up: Float32Array.from(rows, ([, , up]) => up),
  target: Float32Array.from(rows, ([, , , target]) => target),
  count: rows.length,
});

const data = /** @type {import('../../static/js/store.js').PlaneData} */ (
  /** @type {unknown} */ ({
    domain: [
      [-2, 2],
      [0, 10],
    ],
    drawnFrom: 100,
    train: pointsOf([
      [7, 0, 0, 0],
      [101, 1, 1, 1],
    ]),
    test: pointsOf([
      [8, 0.5, 0.5, 1],
      [102, 0.75, 0.5, 0],
    ]),
  })
);

test('a place and its coordinates are each other’s inverse', () => {
  assert.deepEqual(coordinates(data, { across: 0.25, up: 0.1 }), [-1, 1]);
  assert.deepEqual(placeOf(data, -1, 1), { across: 0.25, up: 0.1 });
});

test('a test point of the data set can be taken hold of only while it is shown', () => {
  const middle = { across: 0.5, up: 0.5 };
  assert.equal(nearest(data, middle, true, 0.1)?.index, 8);
  assert.equal(nearest(data, middle, false, 0.1), null);
  assert.equal(nearest(data, middle, false, 0.3)?.index, 102);
});

test('points placed by hand are seen whichever part they fell to', () => {
  assert.deepEqual(
    [...samplesIn(data, false)].map(({ index, test: tests }) => [index, tests]),
    [
      [7, false],
      [101, false],
      [102, true],
    ],
  );
});

test('the next point placed by hand is numbered behind all others', () => {
  assert.equal(nextIndex(data), 103);
  assert.equal(nextIndex({ ...data, train: pointsOf([]), test: pointsOf([]) }), 100);
});
