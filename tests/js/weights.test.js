import assert from 'node:assert/strict';
import { test } from 'node:test';

import { edgesToDraw, gapsOf } from '../../static/js/lib/weights.js';

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
