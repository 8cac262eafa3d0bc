import assert from 'node:assert/strict';
import { test } from 'node:test';

import { addDashes, trackOf } from '../../static/js/lib/flow.js';

/**
 * @param {import('../../static/js/lib/flow.js').Track} track
 * @param {number} travelled
 */
function dashes(track, travelled) {
  /** @type {number[][]} */
  const points = [];
  const path = {
    moveTo: (/** @type {number} */ x, /** @type {number} */ y) => points.push([x, y]),
    lineTo: (/** @type {number} */ x, /** @type {number} */ y) => points.push([x, y]),
  };
  addDashes(path, track, travelled, { dash: 4, period: 20 });
  return points;
}

test('dashes of a straight line are where they have travelled to', () => {
  const track = trackOf({ x0: 10, y0: 5, x1: 70, y1: 5 });
  const xs = dashes(track, 43).map(([x]) => x);
  [13, 17, 33, 37, 53, 57].forEach((x, index) => assert.ok(Math.abs(xs[index] - x) < 1e-3, `${xs}`));
  assert.equal(xs.length, 6);
});

test('a track begins and ends where its curve does, and is at least as long as the way between', () => {
  const track = trackOf({ x0: 0, y0: 0, x1: 30, y1: 40 });
  assert.deepEqual([track.x[0], track.y[0], track.x.at(-1), track.y.at(-1)], [0, 0, 30, 40]);
  assert.ok(track.length >= 50 && track.length < 60);
});

test('no dash reaches beyond the end of its curve', () => {
  const track = trackOf({ x0: 0, y0: 0, x1: 50, y1: 80 });
  for (let travelled = 0; travelled < 40; travelled++) {
    for (const [x, y] of dashes(track, travelled)) assert.ok(x > -1 && x < 51 && y > -1 && y < 81);
  }
});
