/**
 * What is told of neurons and weights in words and numbers.
 */
import { neuronFormula } from '../../lib/formula.js';
import { shortName } from '../../lib/plan.js';

/** @import {Choices} from '../../catalogue.js' */
/** @import {Plan} from '../../lib/plan.js' */
/** @import {Neuron} from '../../store.js' */

/**
 * @param {Neuron} neuron - not an input
 * @param {Plan} plan
 * @param {Float32Array | null} weights
 * @param {Choices} choices
 * @returns {string} what it computes, or "" while that is not known
 */
export function formulaOf({ layer, unit }, { experiment, gaps }, weights, choices) {
  const gap = gaps[layer - 1];
  if (!gap || weights?.length !== experiment.parameters) return '';
  const terms = Array.from({ length: gap.fanIn }, (_, row) => ({
    weight: weights[gap.kernel + row * gap.units + unit],
    name: shortName({ layer: layer - 1, unit: row }, experiment),
  }));
  const name = experiment.activations[layer - 1];
  const label = choices.entry('activation', name)?.label ?? name;
  return neuronFormula(terms, weights[gap.bias + unit], name === 'linear' ? '' : label, name === 'softmax');
}
