import assert from 'node:assert/strict';
import { test } from 'node:test';

import { drawNearest, drawSmooth } from '../../static/js/lib/resample.js';

const SAME = Uint32Array.from({ length: 256 }, (_, index) => index);

/** @param {number} size */
function square(size) {
  return { pixels: new Uint32Array(size * size), start: 0, stride: size, size };
}

test('at its own size a field is itself', () => {
  const values = Uint8Array.from({ length: 49 }, (_, index) => (index * 37) % 256);
  const target = square(7);
  drawSmooth(target, values, 0, 7, SAME);
  assert.deepEqual([...target.pixels], [...values]);
});

test('a slope stays a slope at any size', () => {
  const side = 25;
  const values = Uint8Array.from({ length: side * side }, (_, at) => 10 * (at % side));
  for (const size of [11, 44, 385]) {
    const target = square(size);
    drawSmooth(target, values, 0, side, SAME);
    for (let column = 0; column < size; column++) {
      const place = ((column + 0.5) * side) / size - 0.5; // values stand for the centres of squares
      const expected = 10 * Math.min(side - 1, Math.max(0, place));
      const drawn = target.pixels[Math.floor(size / 2) * size + column];
      assert.ok(Math.abs(drawn - expected) <= 0.6, `${size}: ${drawn} for ${expected}`);
    }
  }
});

test('a field is not turned: what is at the top left stays there', () => {
  const values = Uint8Array.of(200, 0, 0, 0);
  const target = square(10);
  drawSmooth(target, values, 0, 2, SAME);
  assert.deepEqual(
    [target.pixels[0], target.pixels[9], target.pixels[90], target.pixels[99]],
    [200, 0, 0, 0],
  );
});

test('only the wanted plane is drawn, and only into its square', () => {
  const values = Uint8Array.of(1, 1, 1, 1, 9, 9, 9, 9);
  const pixels = new Uint32Array(5 * 5);
  drawSmooth({ pixels, start: 6, stride: 5, size: 3 }, values, 4, 2, SAME);
  const inside = [6, 7, 8, 11, 12, 13, 16, 17, 18];
  assert.deepEqual(
    [...pixels],
    [...pixels.keys()].map((at) => (inside.includes(at) ? 9 : 0)),
  );
});

test('the nearest value is one that is there, never one between', () => {
  const target = square(9);
  const values = Uint8Array.of(3, 7, 3, 7);
  drawNearest(target, 2, (at) => values[at]);
  assert.deepEqual(new Set(target.pixels), new Set([3, 7]));
  assert.equal(target.pixels[0], 3);
  assert.equal(target.pixels[8], 7);
});
