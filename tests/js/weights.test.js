import assert from 'node:assert/strict';
import { test } from 'node:test';

import { edgesToDraw, frozenPart, gapsOf, weightIndex } from '../../static/js/lib/weights.js';

test('kernels and biases follow each other, layer by layer', () => {
  assert.deepEqual(gapsOf([2, 3, 1]), [
    { kernel: 0, bias: 6, fanIn: 2, units: 3 },
    { kernel: 9, bias: 12, fanIn: 3, units: 1 },
  ]);
});

test('a small network shows every edge, each with its own weight', () => {
  const edges = edgesToDraw(gapsOf([2, 3, 1]), null, 100);
  assert.deepEqual(
    edges.map(({ weight }) => weight),
    [0, 1, 2, 3, 4, 5, 9, 10, 11],
  );
  assert.deepEqual(edges[4], { gap: 0, from: 1, to: 1, weight: 4 });
});

test('a large network shows its strongest edges, of every gap', () => {
  const gaps = gapsOf([10, 10, 2]);
  const weights = Float32Array.from({ length: 132 }, (_, index) => (index % 2 ? index : -index));
  const edges = edgesToDraw(gaps, weights, 20);
  assert.deepEqual(new Set(edges.map(({ gap }) => gap)), new Set([0, 1]));
  const first = edges.filter(({ gap }) => gap === 0).map(({ weight }) => weight);
  assert.deepEqual(
    first.sort((a, b) => a - b),
    [90, 91, 92, 93, 94, 95, 96, 97, 98, 99],
  );
});

test('a weight and a bias are found by their place, and what is not there is nowhere', () => {
  const gaps = gapsOf([2, 3, 1]);
  assert.equal(weightIndex(gaps, { layer: 1, row: 1, unit: 2 }), 5);
  assert.equal(weightIndex(gaps, { layer: 1, row: null, unit: 0 }), 6);
  assert.equal(weightIndex(gaps, { layer: 2, row: 2, unit: 0 }), 11);
  assert.equal(weightIndex(gaps, { layer: 2, row: null, unit: 0 }), 12);
  assert.equal(weightIndex(gaps, { layer: 2, row: 3, unit: 0 }), -1);
  assert.equal(weightIndex(gaps, { layer: 1, row: 0, unit: 3 }), -1);
  assert.equal(weightIndex(gaps, { layer: 3, row: null, unit: 0 }), -1);
});

test('a layer is frozen when all its weights and biases are', () => {
  const gaps = gapsOf([2, 3, 1]);
  const frozen = new Uint8Array(13);
  assert.equal(frozenPart(gaps, new Uint8Array(), 1), 'none');
  frozen.fill(1, 0, 9);
  assert.equal(frozenPart(gaps, frozen, 1), 'all');
  assert.equal(frozenPart(gaps, frozen, 2), 'none');
  frozen[8] = 0;
  assert.equal(frozenPart(gaps, frozen, 1), 'some');
});
