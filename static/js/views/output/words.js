/**
 * What the picture shows, in words.
 */
import { counted, number, percent, whole } from '../../lib/format.js';

/** @import {PageState, PlaneData} from '../../store.js' */
/** @import {Layered} from '../../lib/picture.js' */

/**
 * @param {PageState} state
 * @returns {string} what the picture shows, in a sentence
 */
export function description({ picture, data, experiment, run }) {
  if (!picture?.losses || !data || !experiment || !run) return '';
  if (picture.step === 0 && !run.playing && !run.stopped) {
    return 'Not trained yet: the first weights are random. Press Play.';
  }
  const accuracy = picture.losses[3];
  const after = `After ${counted(picture.epoch, 'epoch')}`;
  if (experiment.problem === 'regression') return `${after}: R² ${number(accuracy, 3)} on the test points`;
  const wrong = Math.round((1 - accuracy) * data.test.count);
  return `${after}: ${whole(wrong)} of ${counted(data.test.count, 'test point')} wrong`;
}

/**
 * Return what stands at a place of the picture, and what the network answers there.
 *
 * @param {{across: number, up: number}} place - from 0 to 1
 * @param {string} problem
 * @param {PlaneData} data
 * @param {Layered} output
 * @returns {{title: string, text: string}}
 */
export function reading({ across, up }, problem, data, { values, side }) {
  const at = Math.floor((1 - up) * side) * side + Math.floor(across * side);
  const [[left, right], [low, high]] = data.domain;
  const x = number(left + across * (right - left), 3);
  const y = number(low + up * (high - low), 3);
  return {
    title: `${data.axes[0]} ${x}, ${data.axes[1]} ${y}`,
    text: answer(problem, data, values[at], values[at + side * side] / 255),
  };
}

/**
 * @param {string} problem
 * @param {PlaneData} data
 * @param {number} value - from 0 to 255; of several classes, which
 * @param {number} confidence - of several classes: its probability
 * @returns {string}
 */
function answer(problem, { classes, valueRange }, value, confidence) {
  if (problem === 'multiclass') return `${classes[value]} ${percent(confidence, 0)}`;
  const share = value / 255;
  if (problem === 'regression') {
    const [low, high] = valueRange;
    return number(low + share * (high - low), 2);
  }
  return share >= 0.5 ? `${classes[1]} ${percent(share, 0)}` : `${classes[0]} ${percent(1 - share, 0)}`;
}
