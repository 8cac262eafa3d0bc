import assert from 'node:assert/strict';
import { test } from 'node:test';

import { blockOf, distanceToCurve, layOut, leastWidth, pitchOf } from '../../static/js/lib/layout.js';

const ROOM = { width: 700, height: 560, left: 60, right: 40, top: 46, node: 57 };

for (const units of [
  [7, 1],
  [7, 4, 2, 1],
  [9, 8, 8, 8, 8, 8, 8, 3],
  [7, ...Array(8).fill(64), 1],
]) {
  test(`a network of ${units.join('-')} stands in its room without overlaps`, () => {
    const columns = layOut(units, ROOM);
    assert.equal(columns.length, units.length);
    columns.forEach(({ x, y, size }, index) => {
      assert.equal(y.length, units[index]);
      assert.ok(x - size / 2 >= ROOM.left - 1e-9 && x + size / 2 <= ROOM.width - ROOM.right + 1e-9);
      assert.ok(y[0] - size / 2 >= ROOM.top, 'below the buttons');
      assert.ok(y[y.length - 1] + size / 2 <= ROOM.height, 'above the bottom');
      for (let unit = 1; unit < y.length; unit++) assert.ok(y[unit] - y[unit - 1] > size, 'neighbours apart');
      if (index > 0) {
        const before = columns[index - 1];
        assert.ok(x - size / 2 > before.x + before.size / 2, 'room for edges');
      }
    });
  });
}

test('columns stand as far apart as is said beforehand', () => {
  const [first, second] = layOut([7, 4, 2, 1], ROOM);
  assert.equal(second.x - first.x, pitchOf(4, ROOM));
});

test('inputs stand in a column as long as they have room for their names', () => {
  assert.equal(blockOf(9, 10, ROOM), null);
  assert.notEqual(blockOf(64, 10, ROOM), null);
});

for (const count of [30, 64, 100, 128]) {
  test(`${count} inputs stand in a block that a finger can use`, () => {
    const block = blockOf(count, 10, ROOM);
    assert.ok(block);
    const { x, y, size, width } = block;
    assert.equal(x.length, count);
    assert.ok(size >= 18);
    assert.ok(Math.min(...x) - size / 2 >= 10 && Math.max(...x) + size / 2 <= 10 + width);
    assert.ok(Math.min(...y) - size / 2 >= ROOM.top && Math.max(...y) + size / 2 <= ROOM.height);
    const places = x.map((across, at) => `${Math.round(across)} ${Math.round(y[at])}`);
    assert.equal(new Set(places).size, count);
  });
}

test('the pixels of an 8 × 8 picture stand as in the picture', () => {
  const block = blockOf(64, 0, ROOM);
  assert.ok(block);
  const { x, y } = block;
  assert.equal(x[0], x[56]);
  assert.equal(y[0], y[7]);
  assert.ok(y[8] > y[7] && x[7] > x[0]);
});

test('more columns need more width', () => {
  assert.ok(leastWidth(10, ROOM) > leastWidth(4, ROOM));
});

test('a curve is 0 away from its own ends and middle', () => {
  const curve = { x0: 10, y0: 20, x1: 110, y1: 220 };
  for (const [x, y] of [
    [10, 20],
    [60, 120],
    [110, 220],
  ]) {
    assert.ok(distanceToCurve(curve, x, y) < 1e-6, `${x}, ${y}`);
  }
});

test('a curve is where the browser draws it', () => {
  // De Casteljau's construction of the same cubic, at a quarter of its parameter.
  const curve = { x0: 0, y0: 0, x1: 100, y1: 40 };
  const handles = [
    [0, 0],
    [50, 0],
    [50, 40],
    [100, 40],
  ];
  let points = handles;
  while (points.length > 1) {
    points = points.slice(1).map(([x, y], index) => {
      const [x0, y0] = points[index];
      return [x0 + (x - x0) / 4, y0 + (y - y0) / 4];
    });
  }
  const [[x, y]] = points;
  assert.ok(distanceToCurve(curve, x, y) < 1e-6);
  assert.ok(Math.abs(distanceToCurve(curve, x, y + 7) - 7) < 1e-6);
});

test('beyond its ends a curve is out of reach', () => {
  assert.equal(distanceToCurve({ x0: 10, y0: 0, x1: 20, y1: 0 }, 25, 0), Infinity);
});
