import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createAddress } from '../../static/js/lib/address.js';

/** @param {string} hash - that stands there at first */
function browser(hash) {
  /** @type {Map<string, () => void>} */
  const listeners = new Map();
  const entries = [hash];
  let now = 10_000;
  /** @type {{at: number, run: () => void} | null} */
  let timer = null;
  /** @param {string} url */
  const after = (url) => (url.startsWith('#') ? url.slice(1) : '');
  const window = {
    document: {
      addEventListener: (/** @type {string} */ name, /** @type {() => void} */ listener) =>
        listeners.set(name, listener),
    },
    history: {
      pushState: (/** @type {null} */ _state, /** @type {string} */ _title, /** @type {string} */ url) =>
        entries.push(after(url)),
      replaceState: (/** @type {null} */ _state, /** @type {string} */ _title, /** @type {string} */ url) =>
        entries.splice(-1, 1, after(url)),
    },
    location: {
      pathname: '/',
      search: '',
      get hash() {
        return entries.at(-1) && `#${entries.at(-1)}`;
      },
    },
    performance: { now: () => now },
    setTimeout(/** @type {() => void} */ run, /** @type {number} */ ms) {
      timer = { at: now + ms, run };
    },
    clearTimeout() {
      timer = null;
    },
  };
  return {
    address: createAddress(/** @type {Window} */ (/** @type {unknown} */ (window))),
    entries,
    /** @param {number} ms */
    wait(ms) {
      now += ms;
      if (!timer || timer.at > now) return;
      const { run } = timer;
      timer = null;
      run();
    },
    press: () => listeners.get('pointerdown')?.(),
    release: () => listeners.get('pointerup')?.(),
  };
}

test('each change is a step', () => {
  const { address, entries, wait } = browser('');
  for (const hash of ['a', 'b', '']) {
    address.write(hash);
    wait(2000);
  }
  assert.deepEqual(entries, ['', 'a', 'b', '']);
});

test('what stands there already is no step', () => {
  const { address, entries } = browser('a');
  address.write('a');
  address.correct('a');
  assert.deepEqual(entries, ['a']);
});

test('changes within a second are one step, however many there are', () => {
  const { address, entries, wait } = browser('');
  for (let change = 1; change <= 5; change++) {
    address.write(`${change}`);
    wait(900);
  }
  wait(200);
  address.write('later');
  assert.deepEqual(entries, ['', '5', 'later']);
});

test('all while a button is held is one step, and the second after it too', () => {
  const { address, entries, wait, press, release } = browser('');
  press();
  for (const hash of ['a', 'b', 'c']) {
    wait(5000);
    address.write(hash);
  }
  wait(5000);
  release();
  wait(500);
  address.write('the answer to the last');
  assert.deepEqual(entries, ['', 'the answer to the last']);
  wait(2000);
  address.write('another');
  assert.equal(entries.length, 3);
});

test('a press that changes nothing is no gesture', () => {
  const { address, entries, wait, press, release } = browser('');
  address.write('a');
  wait(2000);
  press();
  release();
  address.write('b');
  assert.deepEqual(entries, ['', 'a', 'b']);
});

test('what was meant by the address is corrected in its place, and what follows is a step of its own', () => {
  const { address, entries } = browser('');
  address.write('typed');
  address.correct('ours');
  address.write('changed');
  assert.deepEqual(entries, ['', 'ours', 'changed']);
});

test('what changes faster than a browser lets anyone write is written at the end', () => {
  const { address, entries, wait } = browser('');
  for (let change = 1; change <= 9; change++) {
    address.write(`${change}`);
    wait(10);
  }
  assert.deepEqual(entries, ['', '1']);
  wait(100);
  assert.deepEqual(entries, ['', '9']);
});

test('what was still to be written is forgotten when the address has changed by itself', () => {
  const { address, entries, wait } = browser('');
  address.write('a');
  address.write('b');
  entries.pop(); // Back
  wait(100);
  assert.deepEqual(entries, ['']);
  address.write('c');
  address.write('d');
  address.correct('c');
  wait(100);
  assert.deepEqual(entries.at(-1), 'c');
});
