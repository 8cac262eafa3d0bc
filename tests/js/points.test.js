import assert from 'node:assert/strict';
import { test } from 'node:test';

import { markerPath, pointsOf } from '../../static/js/lib/points.js';
import { valueColor } from '../../static/js/views/output/points.js';

/** @import {Palette} from '../../static/js/palette.js' */
/** @import {PlaneData} from '../../static/js/store.js' */

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

test('a point has the colour that the surface has where it answers the same', () => {
  const palette = /** @type {Palette} */ ({ value: (share) => String(share) });
  for (const [low, high] of [
    [25, 346], // as of diabetes: all of one sign
    [-9, -2],
    [-3, 3],
  ]) {
    const color = valueColor(/** @type {PlaneData} */ ({ valueRange: [low, high], curve: false }), palette);
    for (const value of [low, low + (high - low) / 5, (low + high) / 2, high]) {
      // The server sends 0 to 255 for low to high; the palette's tables have -1 at 0 and 1 at 255.
      const pixel = Math.round((255 * (value - low)) / (high - low));
      const onSurface = (pixel - 127.5) / 127.5;
      assert.ok(Math.abs(Number(color(value)) - onSurface) < 1 / 127, `${value} of ${low} to ${high}`);
    }
  }
});

test('points come as places of the picture, with their numbers', () => {
  /** @param {Float32Array | Uint32Array} values */
  const bytes = (values) => new Uint8Array(values.buffer);
  const points = pointsOf({
    index: bytes(Uint32Array.of(3, 70_000)),
    x: bytes(Float32Array.of(0.25, 1)),
    y: bytes(Float32Array.of(0, 0.5)),
    target: bytes(Float32Array.of(1, 0)),
  });
  assert.deepEqual(points, {
    index: Uint32Array.of(3, 70_000),
    across: Float32Array.of(0.25, 1),
    up: Float32Array.of(0, 0.5),
    target: Float32Array.of(1, 0),
    count: 2,
  });
});
