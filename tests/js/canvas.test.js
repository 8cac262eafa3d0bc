import assert from 'node:assert/strict';
import { test } from 'node:test';

import { thresholded } from '../../static/js/lib/canvas.js';

const TABLE = Uint32Array.from({ length: 256 }, (_, index) => index);

/**
 * @param {number} answer
 * @param {number} scale
 * @returns {number} the pixel that a map has for an answer
 */
const pixelOf = (answer, scale) => Math.round((answer * 127) / scale) + 128;

for (const [name, scale, threshold] of /** @type {[string, number, number][]} */ ([
  ['tanh', 1, 0],
  ['sigmoid', 1, 0.5],
  ['ReLU', 3.7, 0],
])) {
  test(`a ${name} neuron is on above its own threshold and off at it`, () => {
    const table = thresholded(TABLE, scale, threshold);
    const on = table[255];
    const off = table[1];
    assert.notEqual(on, off);
    assert.equal(table[pixelOf(threshold, scale)], off);
    assert.equal(table[pixelOf(threshold + 0.02 * scale, scale)], on);
    assert.equal(table[pixelOf(threshold - 0.02 * scale, scale)], off);
    assert.equal(new Set(table).size, 2);
  });
}
