import assert from 'node:assert/strict';
import { test } from 'node:test';

import { classBorders, smooth, zeroLine } from '../../static/js/lib/contour.js';

/**
 * @param {number} side
 * @param {(x: number, y: number) => number} value - at the centre of a pixel, from 0 to 1
 */
function fieldOf(side, value) {
  return Float32Array.from({ length: side * side }, (_, at) =>
    value(((at % side) + 0.5) / side, (Math.floor(at / side) + 0.5) / side),
  );
}

test('the zero line of a slope is where the slope is 0', () => {
  const line = zeroLine(
    fieldOf(20, (x) => x - 0.4),
    20,
  );
  assert.ok(line.length > 0);
  for (let at = 0; at < line.length; at += 2) assert.ok(Math.abs(line[at] - 0.4) < 1e-6);
});

test('the zero line of a hill is a circle of its length', () => {
  const radius = 0.3;
  const line = zeroLine(
    fieldOf(100, (x, y) => radius ** 2 - (x - 0.5) ** 2 - (y - 0.5) ** 2),
    100,
  );
  let length = 0;
  for (let at = 0; at < line.length; at += 4)
    length += Math.hypot(line[at + 2] - line[at], line[at + 3] - line[at + 1]);
  assert.ok(Math.abs(length - 2 * Math.PI * radius) < 0.01);
});

test('a saddle has two lines through a cell', () => {
  assert.equal(zeroLine([1, -1, -1, 1], 2).length, 8);
});

test('a field without a change of sign has no line', () => {
  assert.deepEqual(
    zeroLine(
      fieldOf(10, () => 1),
      10,
    ),
    [],
  );
  assert.deepEqual(
    zeroLine(
      fieldOf(10, () => -1),
      10,
    ),
    [],
  );
});

test('smoothing keeps a level field and the sum of a bump', () => {
  const level = fieldOf(8, () => 3);
  smooth(level, 8);
  assert.ok(level.every((value) => value === 3));
  const bump = new Float32Array(81);
  bump[40] = 16;
  smooth(bump, 9);
  assert.equal(
    bump.reduce((sum, value) => sum + value),
    16,
  );
  assert.deepEqual([bump[40], bump[41], bump[49], bump[50]], [4, 2, 2, 1]);
});

test('two classes part where both are equally likely', () => {
  const values = Uint8Array.from(fieldOf(20, (x) => 255 * x));
  const line = classBorders({ values, count: 1, side: 20 }, true);
  assert.ok(line.length > 0);
  for (let at = 0; at < line.length; at += 2) assert.ok(Math.abs(line[at] - 0.5) < 0.01);
});

test('three classes part where the likeliest changes', () => {
  const side = 30;
  const kinds = fieldOf(side, (x) => (x < 1 / 3 ? 0 : x < 2 / 3 ? 1 : 2));
  const values = Uint8Array.from([...kinds, ...kinds.fill(200)]);
  const line = classBorders({ values, count: 2, side }, false);
  const places = new Set(line.filter((_, at) => at % 2 === 0).map((x) => x.toFixed(3)));
  assert.deepEqual([...places].sort(), ['0.333', '0.667']);
});
