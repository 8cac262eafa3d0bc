import assert from 'node:assert/strict';
import { test } from 'node:test';

import { roundCorners } from '../../static/js/lib/rounding.js';

/**
 * @param {number} size
 * @param {number} radius
 * @returns {number[]} how opaque each pixel is, 0 to 255
 */
function opacities(size, radius) {
  const pixels = new Uint32Array(size * size).fill(0xff332211);
  roundCorners({ pixels, start: 0, stride: size, size }, radius);
  assert.ok(
    pixels.every((pixel) => (pixel & 0xffffff) === 0x332211),
    'colours stay',
  );
  return [...pixels].map((pixel) => pixel >>> 24);
}

test('as much is left as geometry says', () => {
  for (const [size, radius] of [
    [44, 11],
    [9, 4.5],
    [100, 26],
  ]) {
    const area = opacities(size, radius).reduce((sum, opacity) => sum + opacity / 255, 0);
    const expected = size ** 2 - (4 - Math.PI) * radius ** 2;
    assert.ok(Math.abs(area / expected - 1) < 0.01, `${size}: ${area} for ${expected}`);
  }
});

test('corners are open, edges and the middle are not', () => {
  const opacity = opacities(40, 10);
  assert.deepEqual([opacity[0], opacity[39], opacity[1560], opacity[1599]], [0, 0, 0, 0]);
  assert.deepEqual([opacity[20], opacity[20 * 40], opacity[20 * 40 + 20]], [255, 255, 255]);
});
