import assert from 'node:assert/strict';
import { test } from 'node:test';

import { decades, ticks } from '../../static/js/lib/ticks.js';

test('ticks are round numbers within the range', () => {
  assert.deepEqual(ticks(0, 1, 5), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepEqual(ticks(-1.2, 2.3, 4), [-1, 0, 1, 2]);
});

test('decades are the powers of ten within the range, its ends included', () => {
  assert.deepEqual(decades(0.001, 1), [0.001, 0.01, 0.1, 1]);
  assert.deepEqual(decades(0.02, 30), [0.1, 1, 10]);
});
