import assert from 'node:assert/strict';
import { test } from 'node:test';

import { neighbour } from '../../static/js/views/network/walking.js';

const LEFT = { across: -1, down: 0 };
const RIGHT = { across: 1, down: 0 };
const UP = { across: 0, down: -1 };
const DOWN = { across: 0, down: 1 };

const LAYERS = [['a', 'b', 'c', 'd'], ['e', 'f'], ['g']];
/** @type {Record<string, [number, number]>} - a block of inputs, a layer, an output */
const PLACES = { a: [0, 0], b: [10, 0], c: [0, 10], d: [10, 10], e: [50, -20], f: [50, 12], g: [90, 0] };

/** @param {string} key */
const spotOf = (key) => ({ x: PLACES[key][0], y: PLACES[key][1], size: 8 });

test('arrows go along the rows and columns of a block', () => {
  assert.equal(neighbour(LAYERS, 'a', RIGHT, spotOf), 'b');
  assert.equal(neighbour(LAYERS, 'b', DOWN, spotOf), 'd');
  assert.equal(neighbour(LAYERS, 'd', LEFT, spotOf), 'c');
});

test('at the side of a layer they go to what is nearest in height in the next', () => {
  assert.equal(neighbour(LAYERS, 'd', RIGHT, spotOf), 'f');
  assert.equal(neighbour(LAYERS, 'f', RIGHT, spotOf), 'g');
  assert.equal(neighbour(LAYERS, 'f', LEFT, spotOf), 'd');
});

test('up and down stay in their layer, and nothing lies beyond the last', () => {
  assert.equal(neighbour(LAYERS, 'f', UP, spotOf), 'e');
  assert.equal(neighbour(LAYERS, 'f', DOWN, spotOf), undefined);
  assert.equal(neighbour(LAYERS, 'g', RIGHT, spotOf), undefined);
  assert.equal(neighbour(LAYERS, 'gone', RIGHT, spotOf), undefined);
});
