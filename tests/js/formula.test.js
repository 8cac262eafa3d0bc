import assert from 'node:assert/strict';
import { test } from 'node:test';

import { neuronFormula } from '../../static/js/lib/formula.js';

test('a neuron is written as its function of the weighted sum', () => {
  const terms = [
    { weight: 0.52, name: 'x₁' },
    { weight: -1.3, name: 'x₂' },
  ];
  assert.equal(neuronFormula(terms, 0.1, 'Tanh'), 'a = tanh(0.52·x₁ − 1.3·x₂ + 0.1)');
  assert.equal(neuronFormula(terms, -2, 'ReLU'), 'a = ReLU(0.52·x₁ − 1.3·x₂ − 2)');
  assert.equal(neuronFormula(terms, 0, ''), 'a = 0.52·x₁ − 1.3·x₂ + 0');
});

test('a leading minus stands close to its number', () => {
  assert.equal(neuronFormula([{ weight: -3, name: 'x₁' }], 1, 'Sigmoid'), 'a = sigmoid(−3·x₁ + 1)');
  assert.equal(neuronFormula([], -1, ''), 'a = −1');
});

test('a function of all neurons of the layer takes their sums by name', () => {
  assert.equal(
    neuronFormula([{ weight: 2, name: 'a₁' }], 1, 'Softmax', true),
    'a = softmax(z), z = 2·a₁ + 1',
  );
});

test('of many terms the eight strongest are written, in their order, and the others counted', () => {
  const weights = [1, -9, 2, 8, -3, 7, 4, 6, 5, -10];
  const terms = weights.map((weight, at) => ({ weight, name: `a${at}` }));
  assert.equal(
    neuronFormula(terms, 0.5, 'Tanh'),
    'a = tanh(−9·a1 + 8·a3 − 3·a4 + 7·a5 + 4·a6 + 6·a7 + 5·a8 − 10·a9 + … 2 more + 0.5)',
  );
});

test('terms of equal strength are not written more often than there is room', () => {
  const terms = Array.from({ length: 20 }, (_, at) => ({ weight: 1, name: `a${at}` }));
  assert.match(neuronFormula(terms, 0, ''), /a7 \+ … 12 more/);
});
