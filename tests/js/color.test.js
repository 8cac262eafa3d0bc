import assert from 'node:assert/strict';
import { test } from 'node:test';

import { css, gradient, parseColor, pixel } from '../../static/js/lib/color.js';

/** @import {Color} from '../../static/js/lib/color.js' */

/** @type {Color} */
const ORANGE = [236, 125, 22];
/** @type {Color} */
const BLUE = [26, 112, 192];

test('a gradient begins and ends at its two colours', () => {
  const between = gradient(ORANGE, BLUE);
  assert.equal(css(between(0)), css(ORANGE));
  assert.equal(css(between(1)), css(BLUE));
});

test('half way between black and white is the grey that looks half as light', () => {
  // OKLab lightness 0.5 is 0.125 of the light, which sRGB writes as 99.
  assert.equal(css(gradient([0, 0, 0], [255, 255, 255])(0.5)), 'rgb(99 99 99)');
});

test('a pixel has its bytes in the order of ImageData', () => {
  const bytes = new Uint8Array(Uint32Array.of(pixel([1, 2, 3])).buffer);
  assert.deepEqual([...bytes], [1, 2, 3, 255]);
});

test('colours are read as browsers compute them', () => {
  assert.deepEqual(parseColor('rgb(1, 2, 3)'), [1, 2, 3]);
  assert.deepEqual(parseColor('rgb(1 2 3 / 50%)'), [1, 2, 3]);
  assert.deepEqual(parseColor('color(srgb 1 0.5 0)'), [255, 127.5, 0]);
});
