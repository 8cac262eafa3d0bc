import assert from 'node:assert/strict';
import { test } from 'node:test';

import { markerPath } from '../../static/js/lib/points.js';

test('each of the first six classes has a shape of its own', () => {
  const shapes = Array.from({ length: 6 }, (_, kind) => markerPath(kind, 5));
  assert.equal(new Set(shapes).size, 6);
  for (const shape of shapes) assert.match(shape, /^M[-\d. ]+[LA].*Z$/);
});
