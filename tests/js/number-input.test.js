import assert from 'node:assert/strict';
import { test } from 'node:test';

import { stepped } from '../../static/js/lib/number-input.js';

test('a step goes to the next multiple, without a trace of binary fractions', () => {
  assert.equal(stepped(0.2, 0.1, 1), 0.3);
  assert.equal(stepped(0.3, 0.1, -1), 0.2);
  assert.equal(stepped(-0.1, 0.1, 1), 0);
  assert.ok(Object.is(stepped(0.1, 0.1, -1), 0));
});

test('from between two multiples a step goes to the nearest that way', () => {
  assert.equal(stepped(0.5234, 0.1, 1), 0.6);
  assert.equal(stepped(0.5234, 0.1, -1), 0.5);
  assert.equal(stepped(-0.5234, 0.1, 1), -0.5);
  assert.equal(stepped(-0.5234, 0.1, -1), -0.6);
});
