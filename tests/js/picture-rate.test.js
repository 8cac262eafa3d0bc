import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createPictureRate, MOST_PER_SECOND } from '../../static/js/lib/picture-rate.js';

/**
 * Let a page draw at most so many pictures a second for some time, and return the rates that it asked for.
 *
 * @param {number} screen - pictures that it can draw a second
 * @param {number} seconds
 */
function watch(screen, seconds) {
  /** @type {number[]} */
  const asked = [];
  let made = MOST_PER_SECOND; // a second
  let number = 0;
  const rate = createPictureRate((perSecond) => {
    made = perSecond;
    asked.push(perSecond);
  });
  for (let now = 0; now < 1000 * seconds; now += Math.max(1000 / screen, 1000 / made)) {
    number += Math.max(1, made / screen);
    rate.drawn(Math.floor(number), now);
  }
  return asked;
}

test('a page that keeps up asks for nothing else', () => {
  assert.deepEqual(watch(60, 20), []);
});

test('a slow page soon asks for about as many as it draws', () => {
  const asked = watch(20, 20);
  assert.ok(asked.length > 0);
  for (const perSecond of asked) assert.ok(perSecond >= 19 && perSecond <= 30, `${perSecond}`);
});

test('a page that becomes fast again has all of them again', () => {
  /** @type {number[]} */
  const asked = [];
  const rate = createPictureRate((perSecond) => asked.push(perSecond));
  let number = 0;
  let now = 0;
  for (let drawn = 0; drawn < 60; drawn++) rate.drawn((number += 3), (now += 50)); // two of three in vain
  assert.ok((asked.at(-1) ?? 99) < 30);
  for (let drawn = 0; drawn < 600; drawn++) rate.drawn((number += 1), (now += 20));
  assert.equal(asked.at(-1), MOST_PER_SECOND);
});

test('a rest in between does not look like pictures in vain', () => {
  /** @type {number[]} */
  const asked = [];
  const rate = createPictureRate((perSecond) => asked.push(perSecond));
  rate.drawn(1, 0);
  rate.drawn(900, 60_000);
  rate.drawn(901, 60_020);
  assert.deepEqual(asked, []);
});
