import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createChoices } from '../../static/js/catalogue.js';
import { differences, settingsInWords } from '../../static/js/lib/setting-words.js';

/** @param {object} more */
const parameter = (more) => ({
  name: 'momentum',
  label: 'Momentum',
  help: '',
  default: 0,
  minimum: 0,
  maximum: 1,
  step: 0.1,
  integer: false,
  switch: false,
  unit: '',
  choices: [],
  ...more,
});

/** @param {Pick<import('../../static/js/protocol.js').EntryDescription, 'name' | 'label'> & {parameters?: ReturnType<typeof parameter>[]}} more */
const entry = (more) => ({ help: '', source: '', parameters: [], ...more });

const choices = createChoices(
  /** @type {import('../../static/js/protocol.js').Catalogue} */ ({
    settings: [
      { name: 'dataset', label: 'Data set', kind: 'choice', default: 'moons', registry: 'data set' },
      { name: 'noise', label: 'Noise', kind: 'number', default: 0.2, number: parameter({}) },
      { name: 'optimizer', label: 'Optimizer', kind: 'choice', default: 'sgd', registry: 'optimizer' },
      {
        name: 'optimizer_options',
        label: 'Optimizer options',
        kind: 'options',
        default: {},
        registry: 'optimizer',
        of: 'optimizer',
        elsewhere: ['learning_rate'],
      },
      { name: 'learning_rate', label: 'Learning rate', kind: 'number', default: 0.1, number: parameter({}) },
      {
        name: 'loss',
        label: 'Loss',
        kind: 'choice',
        default: null,
        registry: 'loss',
        automatic: 'Automatic',
      },
      { name: 'share', label: 'Share', kind: 'number', default: 0.5, number: parameter({ unit: '%' }) },
      { name: 'shuffle', label: 'Shuffle', kind: 'switch', default: true },
      { name: 'hidden', label: 'Hidden layers', kind: 'numbers', default: [4, 2], number: parameter({}) },
      { name: 'own_points', label: 'Own points', kind: 'points', default: [] },
      { name: 'formulas', label: 'Formulas', kind: 'texts', default: [] },
      { name: 'axes', label: 'Axes', kind: 'numbers', default: null, automatic: 'As it is' },
      { name: 'table', label: 'Own table', kind: 'given', default: null, automatic: 'None' },
      { name: 'layer_activations', label: 'Of a layer', kind: 'name list', default: [], registry: 'loss' },
    ].map((setting) => ({ help: '', ...setting })),
    registries: {
      'data set': [
        entry({ name: 'moons', label: 'Moons' }),
        { ...entry({ name: 'iris', label: 'Iris' }), fixed: true },
      ],
      optimizer: [
        entry({
          name: 'sgd',
          label: 'SGD',
          parameters: [
            parameter({ name: 'learning_rate' }),
            parameter({}),
            parameter({ name: 'nesterov', switch: true, label: 'Nesterov' }),
          ],
        }),
        entry({
          name: 'adam',
          label: 'Adam',
          parameters: [parameter({ name: 'beta', label: 'Beta', default: 0.9 })],
        }),
      ],
      loss: [entry({ name: 'mse', label: 'Mean squared error' })],
    },
    paces: [],
    grid: 100,
  }),
);

const FIRST = {
  dataset: 'moons',
  noise: 0.2,
  optimizer: 'sgd',
  optimizer_options: {},
  learning_rate: 0.1,
  loss: null,
  share: 0.5,
  shuffle: true,
  hidden: [4, 2],
  own_points: [],
  formulas: [],
  axes: null,
  table: null,
  layer_activations: [],
};

/** @param {Record<string, unknown>} config */
const words = (config) =>
  Object.fromEntries(
    settingsInWords({ ...FIRST, ...config }, choices).map(({ name, words }) => [name, words]),
  );

test('every kind of setting has its words', () => {
  assert.deepEqual(words({}), {
    dataset: 'Moons',
    noise: '0.2',
    optimizer: 'SGD',
    'optimizer.momentum': '0',
    'optimizer.nesterov': 'off',
    learning_rate: '0.1',
    loss: 'Automatic',
    share: '50%',
    shuffle: 'on',
    hidden: '4, 2',
    own_points: '0 points',
    formulas: 'none',
    axes: 'As it is',
    table: 'None',
    layer_activations: 'none',
  });
  const other = words({
    loss: 'mse',
    shuffle: false,
    own_points: [[0, 0, 1]],
    formulas: ['x1 * x2', 'sin(x1)'],
    axes: [0, 3],
    table: { name: 'penguins.csv' },
    layer_activations: [null, 'mse'],
    hidden: [],
  });
  assert.deepEqual(
    [
      other.loss,
      other.shuffle,
      other.own_points,
      other.formulas,
      other.axes,
      other.table,
      other.layer_activations,
    ],
    [
      'Mean squared error',
      'off',
      '1 point',
      'x1 * x2; sin(x1)',
      '1, 4',
      'penguins.csv',
      'as the others, Mean squared error',
    ],
  );
  assert.equal(other.hidden, 'none');
});

test('what differs is said with both values', () => {
  const other = { ...FIRST, learning_rate: 0.03, loss: 'mse', optimizer_options: { momentum: 0.9 } };
  assert.deepEqual(differences(other, FIRST, choices), [
    'Momentum 0.9, not 0',
    'Learning rate 0.03, not 0.1',
    'Loss Mean squared error, not Automatic',
  ]);
  assert.deepEqual(differences(FIRST, FIRST, choices), []);
});

test('options of another component are not compared', () => {
  const adam = { ...FIRST, optimizer: 'adam', optimizer_options: { beta: 0.5 } };
  assert.deepEqual(differences(adam, FIRST, choices), ['Optimizer Adam, not SGD']);
});

test('what cannot be told apart in words is said to differ', () => {
  const [one, two] = [[[0, 0, 1]], [[1, 1, 0]]].map((own_points) => ({ ...FIRST, own_points }));
  assert.deepEqual(differences(one, two, choices), ['Own points: not the same']);
});

test('measured data has no noise', () => {
  assert.equal(words({ dataset: 'iris' }).noise, undefined);
  assert.equal(words({ table: { name: 'penguins.csv' } }).noise, undefined);
  const iris = { ...FIRST, dataset: 'iris', noise: 0.1 };
  assert.deepEqual(differences(iris, FIRST, choices), ['Data set Iris, not Moons']);
});

test('a setting that the other version had not counts as its default', () => {
  const { share, ...older } = FIRST;
  assert.equal(share, 0.5);
  const told = settingsInWords(older, choices).find(({ name }) => name === 'share');
  assert.deepEqual([told?.words, told?.standard], ['50%', true]);
});
