import assert from 'node:assert/strict';
import { test } from 'node:test';

import { description, readingFrom, readingOf, spokenReading } from '../../static/js/views/output/words.js';

/** @import {Experiment} from '../../static/js/protocol.js' */
/** @import {Picture} from '../../static/js/lib/picture.js' */
/** @import {PageState, PlaneData} from '../../static/js/store.js' */

/**
 * @param {object} parts
 * @returns {PlaneData}
 */
const plane = (parts) => /** @type {PlaneData} */ (parts);

/**
 * @param {string} activation
 * @returns {Experiment}
 */
const output = (activation) =>
  /** @type {Experiment} */ ({ activations: ['tanh', activation], problem: 'multiclass' });

test('one output of two classes is read by the range of its activation', () => {
  const sigmoid = readingOf([0.9], output('sigmoid'), plane({ classes: ['a', 'b'], valueRange: [0, 1] }));
  assert.deepEqual(
    sigmoid.shares.map(({ kind }) => kind),
    [1, 0],
  );
  assert.ok(Math.abs(sigmoid.shares[0].share - 0.9) < 1e-12);
  const tanh = readingOf([-0.5], output('tanh'), plane({ classes: ['a', 'b'], valueRange: [-1, 1] }));
  assert.deepEqual(tanh.shares, [
    { kind: 0, share: 0.75 },
    { kind: 1, share: 0.25 },
  ]);
  const beyond = readingOf([7], output('tanh'), plane({ classes: ['a', 'b'], valueRange: [-1, 1] }));
  assert.equal(beyond.shares[0].share, 1);
});

test('the likeliest of many classes is told first, and those without a chance not at all', () => {
  const data = plane({ classes: ['a', 'b', 'c'], valueRange: [0, 1] });
  assert.equal(spokenReading(readingOf([0.2, 0.799, 0.001], output('softmax'), data), data), 'b 80%, a 20%');
});

test('answers that are no probabilities are told as the numbers that they are', () => {
  const data = plane({ classes: ['a', 'b', 'c'], valueRange: [0, 1] });
  assert.equal(
    spokenReading(readingOf([-0.12, 1.3, 0.001], output('linear'), data), data),
    'b 1.3, c 0.001, a −0.12',
  );
  assert.equal(spokenReading(readingOf([0, 1, 0], output('tanh'), data), data), 'b 1, a 0, c 0');
  assert.equal(spokenReading(readingOf([0, 1, 0], output('sigmoid'), data), data), 'b 100%');
  // What the picture has of them is cut off at 0 and 1.
  const picture = /** @type {Picture} */ ({
    output: { values: Uint8Array.from([1, 255]), count: 2, side: 1 },
    curve: null,
  });
  const told = readingFrom({ across: 0.5, up: 0.5 }, output('linear'), data, picture);
  assert.equal(told && spokenReading(told, data), 'b –');
});

test('an empty picture says what to do', () => {
  const points = (/** @type {number} */ count) => ({
    data: plane({
      train: { count },
      test: { count: 0 },
      editable: true,
    }),
    experiment: { problem: 'binary' },
    run: { playing: false, stopped: '' },
    picture: { step: 5, epoch: 1, losses: new Float32Array(6).fill(NaN) },
  });
  const state = (/** @type {number} */ count) =>
    /** @type {PageState} */ (/** @type {unknown} */ (points(count)));
  assert.match(description(state(0)), /click in the picture/);
  assert.match(description(state(1)), /two at least/);
  assert.equal(description(state(2)), 'After 1 epoch: there are no test points');
});
