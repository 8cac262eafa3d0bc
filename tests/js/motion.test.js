import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createGlide } from '../../static/js/lib/motion.js';

/** @param {number} x */
const at = (x) => new Map([['a', { x, y: 0, size: 10 }]]);

test('a first place is taken at once, a second is reached in 150 ms', () => {
  const glide = createGlide(() => false);
  glide.to(at(0), 0);
  assert.equal(glide.at('a').x, 0);
  glide.to(at(100), 1000);
  assert.equal(glide.advance(1075), true);
  assert.ok(glide.at('a').x > 50 && glide.at('a').x < 100);
  assert.equal(glide.advance(1150), false);
  assert.equal(glide.at('a').x, 100);
});

test('where motion is unwanted, things are simply there', () => {
  const glide = createGlide(() => true);
  glide.to(at(0), 0);
  glide.to(at(100), 0);
  assert.equal(glide.at('a').x, 100);
});
