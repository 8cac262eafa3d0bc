/**
 * A network as the page knows it: a key for every neuron, a place for every weight.
 */
import { bytesOf } from './bytes.js';
import { gapsOf } from './weights.js';
import { t } from './words.js';

/** @import {Experiment, Input} from '../protocol.js' */
/** @import {WeightPlace} from '../store.js' */
/** @import {Gap} from './weights.js' */

const SUBSCRIPTS = '₀₁₂₃₄₅₆₇₈₉';

/**
 * @typedef {Object} Plan
 * @property {Experiment} experiment
 * @property {Uint8Array} frozen - 1 for each weight and bias that is not trained; empty if all are
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
  return { experiment, keys, gaps: gapsOf(layers), frozen: bytesOf(experiment.frozen) };
}

/**
 * @param {Input} input
 * @returns {string} tells it from every other input, whatever is fed beside it
 */
export function inputKey({ kind, name }) {
  return `${kind} ${name}`;
}

/**
 * @param {{layer: number, unit: number}} neuron
 * @param {Experiment} experiment
 * @param {string[]} classes - names of the data's classes, as far as they are known
 * @returns {string} for people
 */
export function neuronName({ layer, unit }, { inputs, layers }, classes) {
  if (layer === 0) return inputs[unit].label;
  if (layer < layers.length - 1) return t('Neuron {unit} of hidden layer {layer}', { unit: unit + 1, layer });
  const name = layers[layer] > 1 && classes[unit];
  return name ? t('Output {name}', { name }) : t('Output neuron');
}

/**
 * @param {{layer: number, unit: number}} neuron
 * @param {Experiment} experiment
 * @returns {string} as it stands in the formula of a neuron that it feeds: "x₁", or "a₁" of a hidden neuron
 */
export function shortName({ layer, unit }, { inputs }) {
  if (layer === 0) return inputs[unit].label;
  return `a${[...String(unit + 1)].map((digit) => SUBSCRIPTS[Number(digit)]).join('')}`;
}

/**
 * @param {WeightPlace} place
 * @param {Experiment} experiment
 * @param {string[]} classes
 * @returns {string} for people
 */
export function weightName({ layer, row, unit }, experiment, classes) {
  if (row === null) return biasName({ layer, unit }, experiment, classes);
  const end = neuronName({ layer, unit }, experiment, classes);
  return `${neuronName({ layer: layer - 1, unit: row }, experiment, classes)} → ${end}`;
}

/**
 * @param {{layer: number, unit: number}} neuron - not an input
 * @param {Experiment} experiment
 * @param {string[]} classes
 * @returns {string}
 */
function biasName({ layer, unit }, { layers }, classes) {
  if (layer < layers.length - 1)
    return t('Bias of neuron {unit} of hidden layer {layer}', { unit: unit + 1, layer });
  const name = layers[layer] > 1 && classes[unit];
  return name ? t('Bias of output {name}', { name }) : t('Bias of output neuron');
}

/**
 * @param {string} stem
 * @param {number} count
 */
function numbered(stem, count) {
  return Array.from({ length: count }, (_, unit) => `${stem} ${unit}`);
}
