/**
 * The cards of the network, fetched when the first is opened: a weight or all of a neuron's, a layer's settings, a
 * formula.
 */
import { createCard } from '../../lib/card.js';
import { formulaContent } from './formula-card.js';
import { layerContent } from './layer-card.js';
import { neuronContent, weightContent } from './weight-card.js';

/** @import {Box} from '../../lib/card.js' */
/** @import {Plan} from '../../lib/plan.js' */
/** @import {Neuron, PageState, WeightPlace} from '../../store.js' */
/** @import {Context} from '../../view.js' */

/**
 * @typedef {Object} Content
 * @property {string} name - of the card
 * @property {Node[]} nodes
 * @property {(plan: Plan, state: PageState) => boolean} update - returns whether what it is about is still there
 * @property {() => void} focus
 */

/**
 * @typedef {Object} Cards - each is opened beside a box
 * @property {(plan: Plan, state: PageState) => void} update
 * @property {() => boolean} isOpen
 * @property {(place: WeightPlace, anchor: Box) => void} openWeight
 * @property {(neuron: Neuron, anchor: Box) => void} openNeuron
 * @property {(layer: number, anchor: Box) => void} openLayer - from 0, of the hidden ones
 * @property {(formula: string | null, anchor: Box) => void} openFormula - one to change, or null for another
 */

/**
 * @param {HTMLElement} root
 * @param {Context} context
 * @param {{plan: Plan, state: PageState}} now
 * @returns {Cards}
 */
export function createCards(root, context, now) {
  let { plan, state } = now;
  /** @type {Content | null} */
  let content = null;
  const card = createCard(root, () => {
    content = null;
    // What was refused was said in the card.
    context.actions.show({ selected: null, ...(Object.keys(state.refusals).length > 0 && { refusals: {} }) });
  });
  const close = () => card.close();

  /**
   * @param {Content} next
   * @param {Box} anchor
   * @param {boolean} stays - to be looked at while the network is trained
   */
  function open(next, anchor, stays) {
    content = next;
    next.update(plan, state);
    card.open(next.name, next.nodes, anchor, stays);
    next.focus();
  }

  return {
    update(newPlan, newState) {
      [plan, state] = [newPlan, newState];
      if (content && !content.update(plan, state)) close();
    },
    isOpen: card.isOpen,
    openWeight(place, anchor) {
      context.actions.show({ selected: place });
      open(weightContent(place, context, plan, state), anchor, true);
    },
    openNeuron(neuron, anchor) {
      open(neuronContent(neuron, context, plan, state), anchor, true);
    },
    openLayer(layer, anchor) {
      open(layerContent(layer, context, close), anchor, false);
    },
    openFormula(formula, anchor) {
      open(formulaContent(formula, context, close), anchor, false);
    },
  };
}
