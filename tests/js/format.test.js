import assert from 'node:assert/strict';
import { test } from 'node:test';

import { chosen, counted, fixed, number, percent, whole } from '../../static/js/lib/format.js';
import { ticks } from '../../static/js/lib/ticks.js';

test('numbers are short, with a true minus sign', () => {
  assert.equal(number(-0.41234), '−0.412');
  assert.equal(number(0), '0');
  assert.equal(number(0.00001), '1.0e−5');
  assert.equal(number(NaN), '–');
});

test('chosen values are written out', () => {
  assert.equal(chosen(0.00001), '0.00001');
  assert.equal(chosen(0.1 + 0.2), '0.3');
  assert.equal(chosen(-30), '−30');
});

test('figures that change keep their width', () => {
  assert.equal(fixed(0.5), '0.500');
  assert.equal(fixed(123.456), '123.5');
  assert.equal(fixed(Infinity), '–');
});

test('counts have separators, and words that agree', () => {
  assert.equal(whole(1234567), '1,234,567');
  assert.equal(counted(1, 'neuron'), '1 neuron');
  assert.equal(counted(0, 'neuron'), '0 neurons');
  assert.equal(percent(0.976), '97.6%');
});

test('ticks are round numbers within the axis', () => {
  assert.deepEqual(ticks(-1.5, 2.5), [-1, 0, 1, 2]);
  assert.deepEqual(ticks(0.26, 7.64), [2, 4, 6]);
  assert.deepEqual(ticks(-6, 6, 3), [-5, 0, 5]);
});
