import assert from 'node:assert/strict';
import { test } from 'node:test';

import { markerPath } from '../../static/js/lib/points.js';

const CLASSES = 10;

/** @param {string} path - of straight lines */
function cornersOf(path) {
  return [...path.matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
}

test('each of ten classes has a shape of its own', () => {
  const shapes = Array.from({ length: CLASSES }, (_, kind) => markerPath(kind, 5));
  assert.equal(new Set(shapes).size, CLASSES);
  for (const shape of shapes) assert.match(shape, /^M[-\d. ]+[LA].*Z$/);
});

test('no shape looks much larger or smaller than the circle', () => {
  const circle = Math.PI * 100;
  for (let kind = 1; kind < CLASSES; kind++) {
    const corners = cornersOf(markerPath(kind, 10));
    // Gauss's area formula; the corners go round once.
    const doubled = corners.reduce((sum, [x, y], at) => {
      const [nextX, nextY] = corners[(at + 1) % corners.length];
      return sum + x * nextY - nextX * y;
    }, 0);
    const share = Math.abs(doubled) / 2 / circle;
    assert.ok(share > 0.6 && share < 1.15, `class ${kind}: ${share.toFixed(2)} of the circle`);
  }
});
