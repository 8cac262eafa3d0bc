/**
 * What a press on the network does: it opens the card of a weight, a neuron, a layer or a formula, or switches an
 * input.
 */
import { part } from '../../lib/element.js';

/** @import {Box} from '../../lib/card.js' */
/** @import {Plan} from '../../lib/plan.js' */
/** @import {PageState} from '../../store.js' */
/** @import {Context} from '../../view.js' */
/** @import {Cards} from './cards.js' */
/** @import {Inputs} from './inputs.js' */
/** @import {Nodes} from './nodes.js' */
/** @import {Pointing} from './pointing.js' */

/**
 * @typedef {Object} Opening
 * @property {(plan: Plan | null, state: PageState) => void} update
 * @property {() => boolean} isOpen - whether there is a card
 * @property {(layer: number, anchor: HTMLElement) => void} openLayer - from 0, of the hidden ones
 */

/**
 * @param {HTMLElement} root
 * @param {HTMLElement} stage
 * @param {Context} context
 * @param {{nodes: Nodes, inputs: Inputs, pointing: Pointing}} scene
 * @returns {Opening}
 */
export function createOpening(root, stage, context, { nodes, inputs, pointing }) {
  const addFormula = part(root, '.add-formula', HTMLButtonElement);
  /** @type {Plan | null} */
  let plan = null;
  /** @type {PageState | null} */
  let shown = null;
  /** @type {Cards | null} */
  let cards = null;

  /** @param {(cards: Cards) => void} open */
  async function openCard(open) {
    const { createCards } = await import('./cards.js');
    if (!plan || !shown) return;
    context.tooltip.hide();
    cards ??= createCards(root, context, { plan, state: shown });
    cards.update(plan, shown);
    open(cards);
  }

  addFormula.addEventListener('click', () =>
    openCard((cards) => cards.openFormula(null, addFormula.getBoundingClientRect())),
  );

  stage.addEventListener('click', ({ target, clientX, clientY, detail }) => {
    if (!plan || !(target instanceof Element) || target.closest('.network-heads, .input-head')) return;
    const node = target.closest('.node');
    const key = node instanceof HTMLElement ? node.dataset.key : undefined;
    const here = { left: clientX, right: clientX, top: clientY, bottom: clientY };
    const box = node?.getBoundingClientRect() ?? here;
    // A key press has no place of its own.
    if (detail === 0) {
      if (key) use(key, box);
      return;
    }
    const { neuron, bias, edge, spare } = pointing.at(clientX, clientY);
    if (bias) openCard((cards) => cards.openWeight({ ...bias, row: null }, box));
    else if (neuron) use(plan.keys[neuron.layer][neuron.unit], box);
    else if (spare) inputs.toggle(spare);
    else if (edge) {
      const place = { layer: edge.gap + 1, row: edge.from, unit: edge.to };
      openCard((cards) => cards.openWeight(place, here));
    }
  });

  /**
   * @param {string} key - of a node
   * @param {Box} box
   */
  function use(key, box) {
    const input = nodes.input(key);
    if (input?.kind === 'formula') openCard((cards) => cards.openFormula(input.name, box));
    else if (input) inputs.toggle(input);
    else if (plan) {
      const layer = plan.keys.findIndex((keys) => keys.includes(key));
      const neuron = { layer, unit: plan.keys[layer].indexOf(key) };
      openCard((cards) => cards.openNeuron(neuron, box));
    }
  }

  return {
    update(newPlan, state) {
      [plan, shown] = [newPlan, state];
      if (plan) cards?.update(plan, state);
    },
    isOpen: () => cards?.isOpen() ?? false,
    openLayer: (layer, anchor) =>
      void openCard((cards) => cards.openLayer(layer, anchor.getBoundingClientRect())),
  };
}
