import assert from 'node:assert/strict';
import { test } from 'node:test';

import { inputMapsOf } from '../../static/js/lib/input-maps.js';
import { inputKey, neuronName, planOf, shortName, weightName } from '../../static/js/lib/plan.js';

/** @typedef {import('../../static/js/protocol.js').Input} Input */

/** @type {Input} */
const X1 = { kind: 'feature', name: 'x1', label: 'x₁' };
/** @type {Input} */
const PRODUCT = { kind: 'feature', name: 'x1_x2', label: 'x₁x₂' };
/** @type {Input} */
const WIDTH = { kind: 'column', name: '3', label: 'Petal width' };

/** @type {import('../../static/js/protocol.js').Experiment} */
const EXPERIMENT = {
  revision: 1,
  config: {},
  link: '',
  link_lacks: '',
  problem: 'multiclass',
  data_label: '',
  inputs: [PRODUCT, X1, WIDTH],
  layers: [3, 4, 2, 3],
  activations: [],
  thresholds: [],
  loss: '',
  parameters: 0,
  frozen: new Uint8Array(),
  suits: {},
};

test('every neuron has a key of its own, layer by layer', () => {
  const { keys, gaps } = planOf(EXPERIMENT);
  assert.deepEqual(
    keys.map(({ length }) => length),
    EXPERIMENT.layers,
  );
  assert.equal(new Set(keys.flat()).size, 12);
  assert.equal(gaps.length, 3);
});

test('an input keeps its key whatever is fed beside it, and a measurement is no feature of the same name', () => {
  const alone = planOf({ ...EXPERIMENT, inputs: [X1], layers: [1, 3] });
  assert.equal(alone.keys[0][0], planOf(EXPERIMENT).keys[0][1]);
  const kinds = /** @type {Input['kind'][]} */ (['feature', 'column', 'formula']);
  assert.equal(new Set(kinds.map((kind) => inputKey({ kind, name: 'x1', label: 'x₁' }))).size, 3);
});

test('people are told the input, the place of a hidden neuron, the class of an output', () => {
  const classes = ['Setosa', 'Versicolor', 'Virginica'];
  assert.equal(neuronName({ layer: 0, unit: 2 }, EXPERIMENT, classes), 'Petal width');
  assert.equal(neuronName({ layer: 2, unit: 1 }, EXPERIMENT, classes), 'Neuron 2 of hidden layer 2');
  assert.equal(neuronName({ layer: 3, unit: 1 }, EXPERIMENT, classes), 'Output Versicolor');
  assert.equal(neuronName({ layer: 3, unit: 1 }, EXPERIMENT, []), 'Output neuron');
});

test('a weight is named by its two ends, a bias by its neuron', () => {
  const classes = ['Setosa', 'Versicolor', 'Virginica'];
  const name = (/** @type {number} */ layer, /** @type {number | null} */ row, /** @type {number} */ unit) =>
    weightName({ layer, row, unit }, EXPERIMENT, classes);
  assert.equal(name(1, 2, 0), 'Petal width → Neuron 1 of hidden layer 1');
  assert.equal(name(3, 1, 2), 'Neuron 2 of hidden layer 2 → Output Virginica');
  assert.equal(name(2, null, 1), 'Bias of neuron 2 of hidden layer 2');
});

test('in a formula a neuron goes by its number', () => {
  assert.equal(shortName({ layer: 0, unit: 1 }, EXPERIMENT), 'x₁');
  assert.equal(shortName({ layer: 2, unit: 11 }, EXPERIMENT), 'a₁₂');
});

test('an input that is offered has its map, fed or not, in whatever order', () => {
  const data = {
    inputMaps: new Uint8Array(3 * 9),
    inputScales: Float32Array.of(1, 2, 3),
    inputSide: 3,
    offered: [X1, PRODUCT, WIDTH],
  };
  const maps = inputMapsOf(data);
  assert.deepEqual(
    EXPERIMENT.inputs.map((input) => maps.get(inputKey(input))?.scale),
    [2, 1, 3],
  );
  assert.equal(maps.get(inputKey(WIDTH))?.plane, 2);
  assert.equal(maps.get(inputKey(X1))?.field.side, 3);
  assert.equal(maps.get(inputKey({ kind: 'column', name: '9', label: '' })), undefined);
});
