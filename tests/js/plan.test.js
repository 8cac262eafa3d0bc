import assert from 'node:assert/strict';
import { test } from 'node:test';

import { inputMapsOf } from '../../static/js/lib/input-maps.js';
import { inputKey, neuronName, planOf } from '../../static/js/lib/plan.js';

const X1 = { feature: 'x1', label: 'Sepal length' };
const PRODUCT = { feature: 'x1_x2', label: 'X₁X₂' };
const EXTRA = { feature: '', label: 'Petal width' };

/** @type {import('../../static/js/protocol.js').Experiment} */
const EXPERIMENT = {
  revision: 1,
  config: {},
  link: '',
  problem: 'multiclass',
  inputs: [PRODUCT, X1, EXTRA],
  layers: [3, 4, 2, 3],
  loss: '',
  output_activation: '',
  parameters: 0,
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
  assert.notEqual(inputKey({ feature: '', label: 'x1' }), inputKey({ feature: 'x1', label: 'x1' }));
});

test('people are told the input, the place of a hidden neuron, the class of an output', () => {
  const classes = ['Setosa', 'Versicolor', 'Virginica'];
  assert.equal(neuronName({ layer: 0, unit: 2 }, EXPERIMENT, classes), 'Petal width');
  assert.equal(neuronName({ layer: 2, unit: 1 }, EXPERIMENT, classes), 'Neuron 2 of hidden layer 2');
  assert.equal(neuronName({ layer: 3, unit: 1 }, EXPERIMENT, classes), 'Output Versicolor');
  assert.equal(neuronName({ layer: 3, unit: 1 }, EXPERIMENT, []), 'Output neuron');
});

test('an input has the map of its name, in whatever order it is fed', () => {
  const data = { inputMaps: new Uint8Array(4 * 9), inputScales: Float32Array.of(1, 2, 3, 4) };
  const maps = inputMapsOf(data, ['x1', 'x2', 'x1_x2'], EXPERIMENT.inputs);
  assert.deepEqual(
    [X1, PRODUCT, EXTRA].map((input) => maps.get(inputKey(input))?.scale),
    [1, 3, 4],
  );
  assert.equal(maps.get(inputKey({ feature: 'x2', label: '' }))?.plane, 1, 'fed or not');
  assert.equal(maps.get(inputKey(X1))?.field.side, 3);
});

test('an input that the data do not know yet has no map', () => {
  const data = { inputMaps: new Uint8Array(2 * 4), inputScales: Float32Array.of(1, 1) };
  const maps = inputMapsOf(data, ['x1', 'x2'], EXPERIMENT.inputs);
  assert.equal(maps.get(inputKey(EXTRA)), undefined);
  assert.equal(maps.size, 2);
});
