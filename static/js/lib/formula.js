/**
 * What a neuron computes, written out with its present numbers.
 */
import { number } from './format.js';
import { tn } from './words.js';

/** So many terms are written out; people read no more. */
const MOST_TERMS = 8;

/**
 * @typedef {Object} Term
 * @property {number} weight
 * @property {string} name - of what is weighted
 */

/**
 * @param {Term[]} terms
 * @param {number} bias
 * @param {string} activation - label of the function, or "" where there is none
 * @param {boolean} [together] - whether the function takes the sums of all neurons of the layer
 * @returns {string} "a = tanh(0.52·x₁ − 1.3·x₂ + 0.1)"; of many terms the strongest, in their order
 */
export function neuronFormula(terms, bias, activation, together = false) {
  const strength = terms.map(({ weight }) => Math.abs(weight)).sort((a, b) => b - a);
  const least = terms.length > MOST_TERMS ? strength[MOST_TERMS - 1] : 0;
  const strongest = terms.filter(({ weight }) => Math.abs(weight) >= least).slice(0, MOST_TERMS);
  const left = terms.length - strongest.length;
  let sum = strongest.map(({ weight, name }) => `${signed(weight)}·${name}`).join('');
  if (left > 0) sum += ` + ${tn('… {n} more', '… {n} more', left)}`;
  sum = `${sum}${signed(bias)}`.replace(/^ \+ /, '').replace(/^ − /, '−');
  if (together) return `a = ${functionName(activation)}(z), z = ${sum}`;
  return activation ? `a = ${functionName(activation)}(${sum})` : `a = ${sum}`;
}

/**
 * @param {string} label - of an activation
 * @returns {string} as it stands in a formula: "tanh", "ReLU"
 */
function functionName(label) {
  return /[A-Z]{2}|[a-z][A-Z]/.test(label) ? label : label.toLowerCase();
}

/** @param {number} value */
function signed(value) {
  return `${value < 0 ? ' − ' : ' + '}${number(Math.abs(value))}`;
}
