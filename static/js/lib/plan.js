/**
 * A network as the page knows it: a key for every neuron, a place for every weight.
 */
import { gapsOf } from './weights.js';

/** @import {Experiment, Input} from '../protocol.js' */
/** @import {Gap} from './weights.js' */

/**
 * @typedef {Object} Plan
 * @property {Experiment} experiment
 * @property {string[][]} keys - of the neurons of each layer, inputs first
 * @property {Gap[]} gaps
 */

/**
 * @param {Experiment} experiment
 * @returns {Plan}
 */
export function planOf(experiment) {
  const { inputs, layers } = experiment;
  const hidden = layers.slice(1, -1).map((units, index) => numbered(`hidden ${index}`, units));
  const keys = [inputs.map(inputKey), ...hidden, numbered('output', layers.at(-1) ?? 0)];
  return { experiment, keys, gaps: gapsOf(layers) };
}

/**
 * @param {Input} input
 * @returns {string} tells it from every other input, whatever is fed beside it
 */
export function inputKey({ feature, label }) {
  return feature ? `feature ${feature}` : `column ${label}`;
}

/**
 * @param {{layer: number, unit: number}} neuron
 * @param {Experiment} experiment
 * @param {string[]} classes - names of the data's classes, as far as they are known
 * @returns {string} for people
 */
export function neuronName({ layer, unit }, { inputs, layers }, classes) {
  if (layer === 0) return inputs[unit].label;
  if (layer < layers.length - 1) return `Neuron ${unit + 1} of hidden layer ${layer}`;
  return layers[layer] > 1 && classes[unit] ? `Output ${classes[unit]}` : 'Output neuron';
}

/**
 * @param {string} stem
 * @param {number} count
 */
function numbered(stem, count) {
  return Array.from({ length: count }, (_, unit) => `${stem} ${unit}`);
}
