/**
 * What the picture shows, in words.
 */
import { number, percent } from '../../lib/format.js';
import { t, tn } from '../../lib/words.js';
import { coordinates } from './plane.js';

/** @import {Experiment} from '../../protocol.js' */
/** @import {PageState, PlaneData} from '../../store.js' */
/** @import {Picture} from '../../lib/picture.js' */
/** @import {Place} from './plane.js' */

/**
 * @param {PageState} state
 * @returns {string} what the picture shows, in a sentence
 */
export function description({ picture, data, experiment, run }) {
  if (!data || !experiment || !run) return '';
  const points = data.train.count + data.test.count;
  if (points === 0 && data.editable) return t('No points yet: click in the picture to add some.');
  if (points === 1) return t('One point so far; training needs two at least.');
  if (!picture?.losses) return '';
  if (picture.step === 0 && !run.playing && !run.stopped) {
    return t('Not trained yet: the first weights are random. Press Play.');
  }
  const result = outcome(picture.losses[3], experiment, data.test.count);
  return tn('After {n} epoch: {result}', 'After {n} epochs: {result}', picture.epoch, { result });
}

/**
 * @param {number} accuracy - on the test points; R² for regression
 * @param {Experiment} experiment
 * @param {number} count - of test points
 * @returns {string}
 */
function outcome(accuracy, { problem }, count) {
  if (count === 0) return t('there are no test points');
  if (problem === 'regression') return t('R² {value} on the test points', { value: number(accuracy, 3) });
  const wrong = Math.round((1 - accuracy) * count);
  return tn('{wrong} of {n} test point wrong', '{wrong} of {n} test points wrong', count, { wrong });
}

/** What can stand at the output of several classes and answer with probabilities; other answers may have any size. */
const PROBABILITIES = ['softmax', 'sigmoid'];

/**
 * @typedef {Object} Reading - what the network answers at a place
 * @property {{kind: number, share: number}[]} shares - probability of each class, the likeliest first
 * @property {boolean} plain - whether they are no probabilities, but answers of any size
 * @property {number} value - for regression
 */

/**
 * @param {number[]} outputs - of the network's last layer
 * @param {Pick<Experiment, 'activations'>} experiment
 * @param {PlaneData} data
 * @returns {Reading}
 */
export function readingOf(outputs, { activations }, { classes, valueRange: [low, high] }) {
  if (classes.length === 0) return { shares: [], plain: false, value: outputs[0] };
  // Two classes have one output between them, from 0 to 1 or from -1 to 1.
  const second = Math.min(1, Math.max(0, (outputs[0] - low) / (high - low)));
  const all = outputs.length === 1 ? [1 - second, second] : outputs;
  const shares = all.map((share, kind) => ({ kind, share })).sort((a, b) => b.share - a.share);
  return { shares, plain: outputs.length > 1 && isPlain(activations), value: NaN };
}

/**
 * @param {string[]} activations - of the layers
 * @returns {boolean} whether the outputs of several classes are no probabilities
 */
function isPlain(activations) {
  return !PROBABILITIES.includes(activations.at(-1) ?? '');
}

/**
 * @param {Place} place
 * @param {Experiment} experiment
 * @param {PlaneData} data
 * @param {Picture} picture
 * @returns {Reading | null} what can be read off the picture itself, at once: of many classes only the likeliest
 */
export function readingFrom({ across, up }, experiment, data, { output, curve }) {
  const { problem, activations } = experiment;
  const [low, high] = data.valueRange;
  if (curve) {
    const at = Math.min(curve.length - 1, Math.max(0, across * curve.length - 0.5));
    const before = Math.floor(at);
    const after = Math.min(curve.length - 1, before + 1);
    const value = curve[before] + (curve[after] - curve[before]) * (at - before);
    if (problem === 'regression') return { shares: [], plain: false, value };
    if (problem === 'multiclass') {
      return { shares: [{ kind: Math.round(value), share: NaN }], plain: false, value };
    }
    return readingOf([low + value * (high - low)], experiment, data);
  }
  if (!output) return null;
  const { values, side } = output;
  const row = Math.min(side - 1, Math.floor((1 - up) * side));
  const at = row * side + Math.min(side - 1, Math.floor(across * side));
  if (problem === 'multiclass') {
    const plain = isPlain(activations);
    // What is no probability does not fit into the picture's 0 to 1.
    const share = plain ? NaN : values[at + side * side] / 255;
    return { shares: [{ kind: values[at], share }], plain, value: NaN };
  }
  return readingOf([low + (values[at] / 255) * (high - low)], experiment, data);
}

/**
 * @param {Place} place
 * @param {PlaneData} data
 * @returns {string} the place in the data's units
 */
export function placeName(place, data) {
  const [x, y] = coordinates(data, place);
  const across = `${data.axes[0]} ${number(x, 3)}`;
  return data.curve ? across : `${across}, ${data.axes[1]} ${number(y, 3)}`;
}

/**
 * @param {Reading} reading
 * @param {PlaneData} data
 * @returns {string} for those who hear it
 */
export function spokenReading({ shares, plain, value }, { classes, target }) {
  if (classes.length === 0) return `${target} ${number(value, 3)}`;
  return shares
    .filter(({ share }, rank) => plain || rank === 0 || share >= 0.005)
    .map(({ kind, share }) => `${classes[kind]} ${shareText(share, plain)}`)
    .join(', ');
}

/**
 * @param {number} share
 * @param {boolean} plain - whether it is no probability
 * @returns {string}
 */
export function shareText(share, plain) {
  return plain ? number(share, 2) : percent(share, 0);
}
