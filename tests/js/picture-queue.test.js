import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createPictureQueue } from '../../static/js/lib/picture-queue.js';

/** @import {Picture} from '../../static/js/lib/picture.js' */

/**
 * @param {number} number
 * @param {number} [revision]
 */
function waiting(number, revision = 1) {
  const picture = /** @type {Picture} */ ({ number, revision });
  return { number, picture, rows: new Uint8Array() };
}

/** @param {{number: number}[]} taken */
const numbers = (taken) => taken.map(({ number }) => number);

test('two pictures that come at once are drawn one after the other', () => {
  const queue = createPictureQueue();
  for (const number of [1, 2]) queue.add(waiting(number));
  assert.deepEqual(numbers(queue.take(() => true)), [1]);
  assert.ok(!queue.isEmpty());
  assert.deepEqual(numbers(queue.take(() => true)), [2]);
  assert.ok(queue.isEmpty());
  assert.deepEqual(
    queue.take(() => true),
    [],
  );
});

test('pictures of a network that is gone are dealt with, but none waits for them', () => {
  const queue = createPictureQueue();
  for (const [number, revision] of [
    [1, 1],
    [2, 1],
    [3, 2],
    [4, 2],
  ]) {
    queue.add(waiting(number, revision));
  }
  assert.deepEqual(numbers(queue.take(({ revision }) => revision === 2)), [1, 2, 3]);
  assert.deepEqual(numbers(queue.take(({ revision }) => revision === 9)), [4]);
});

test('a frame that could not be unpacked is dealt with', () => {
  const queue = createPictureQueue();
  queue.add({ number: 5, picture: null, rows: new Uint8Array() });
  assert.deepEqual(numbers(queue.take(() => true)), [5]);
});
