import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createStore } from '../../static/js/store.js';

test('listeners hear of a change, with the new state', () => {
  const store = createStore({ a: 1, b: 2 });
  /** @type {object[]} */
  const heard = [];
  store.subscribe((state) => heard.push(state));
  store.set({ a: 5 });
  assert.deepEqual(heard, [{ a: 5, b: 2 }]);
  assert.deepEqual(store.get(), { a: 5, b: 2 });
});

test('listeners hear nothing where nothing differs', () => {
  const store = createStore({ a: 1, b: NaN });
  store.subscribe(() => assert.fail('nothing has changed'));
  store.set({ a: 1, b: NaN });
  store.set({});
});

test('a listener that has ended its subscription hears nothing more', () => {
  const store = createStore({ a: 1 });
  const end = store.subscribe(() => assert.fail('it has ended'));
  end();
  store.set({ a: 2 });
});

test('a state that was handed out never changes', () => {
  const store = createStore({ a: 1 });
  const before = store.get();
  store.set({ a: 2 });
  assert.equal(before.a, 1);
});
