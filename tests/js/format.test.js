import assert from 'node:assert/strict';
import { test } from 'node:test';

import { chosen, fixed, number, percent, typable, typed, whole } from '../../static/js/lib/format.js';
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

test('counts have separators, shares a sign', () => {
  assert.equal(whole(1234567), '1,234,567');
  assert.equal(percent(0.976), '97.6%');
  assert.equal(percent(NaN), '–');
});

test('a number is read as it is typed, with a point or a comma', () => {
  for (const [text, value] of /** @type {[string, number][]} */ ([
    ['0.03', 0.03],
    ['0,03', 0.03],
    [' −4 ', -4],
    ['+.5', 0.5],
    ['1e-3', 0.001],
    ['1,5e3', 1500],
    ['1,000', 1000],
    ['-12,345.6', -12345.6],
    ['0,001', 0.001],
  ])) {
    assert.equal(typed(text), value, text);
  }
  for (const odd of ['', 'three', '1.2.3', '1,2,3', '0x10', 'Infinity', '--1', '1 2', '1.000,5']) {
    assert.equal(typed(odd), NaN, odd);
  }
});

test('what stands in a field is read back as it was written', () => {
  for (const value of [0, -0.25, 1e-7, 123456.789]) assert.equal(typed(typable(value)), value);
});

test('ticks are round numbers within the axis', () => {
  assert.deepEqual(ticks(-1.5, 2.5), [-1, 0, 1, 2]);
  assert.deepEqual(ticks(0.26, 7.64), [2, 4, 6]);
  assert.deepEqual(ticks(-6, 6, 3), [-5, 0, 5]);
});
