import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createWishes } from '../../static/js/lib/wishes.js';

test('a wish counts until its answer comes, the newest of several', () => {
  const wishes = createWishes();
  assert.equal(wishes.latest('seed', 0), 0);
  const first = wishes.ask({ seed: 1 });
  const second = wishes.ask({ seed: 2 });
  assert.equal(wishes.latest('seed', 0), 2);
  first(true);
  assert.equal(wishes.latest('seed', 1), 2);
  second(true);
  assert.equal(wishes.latest('seed', 7), 7);
});

test('after a refusal the next wish builds on what is', () => {
  const wishes = createWishes();
  const first = wishes.ask({ hidden: [17] });
  const second = wishes.ask({ hidden: [18] });
  first(false);
  assert.deepEqual(wishes.latest('hidden', [16]), [16]);
  second(false);
  assert.deepEqual(wishes.latest('hidden', [16]), [16]);
});

test('null is a wish like any other', () => {
  const wishes = createWishes();
  wishes.ask({ axes: null });
  assert.equal(wishes.latest('axes', [0, 1]), null);
});
