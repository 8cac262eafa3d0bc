/**
 * What stands above each hidden layer: how many neurons it has, buttons by which it grows and shrinks, and what is
 * special about it.
 */
import { html, setText } from '../../lib/element.js';
import { t, tn } from '../../lib/words.js';

/** @import {Answer, ParameterDescription} from '../../protocol.js' */
/** @import {Glide} from '../../lib/motion.js' */

/**
 * @typedef {Object} Head
 * @property {HTMLElement} element
 * @property {HTMLInputElement} count
 * @property {HTMLElement} word
 * @property {HTMLButtonElement} remove
 * @property {HTMLElement} special
 */

/**
 * @typedef {Object} HeadActions - layers from 0
 * @property {(layer: number, more: number) => void} grow
 * @property {(layer: number, units: number) => Promise<Answer>} resize
 * @property {(layer: number, anchor: HTMLElement) => void} open - the layer's settings
 */

/**
 * @typedef {Object} Heads
 * @property {(units: number[], specials: string[]) => void} build - for the hidden layers, with what is special of each
 * @property {() => string[]} keys - by which they are placed
 * @property {(pitch: number) => void} fit - into so many rem from one layer to the next
 * @property {() => number} height - rem that they need
 * @property {(glide: Glide) => void} move
 */

/**
 * @param {HTMLElement} root
 * @param {ParameterDescription} units - of a layer
 * @param {HeadActions} actions
 * @returns {Heads}
 */
export function createHeads(root, units, actions) {
  /** @type {Head[]} */
  const heads = [];
  const keys = () => heads.map((_, layer) => `head ${layer}`);

  return {
    build(counts, specials) {
      while (heads.length > counts.length) heads.pop()?.element.remove();
      while (heads.length < counts.length) {
        const head = createHead(heads.length, units, actions);
        heads.push(head);
        root.append(head.element);
      }
      heads.forEach(({ count, word, remove, special }, layer) => {
        const text = String(counts[layer]);
        if (count.value !== text) count.value = text;
        count.defaultValue = text;
        setText(word, tn('neuron', 'neurons', counts[layer]));
        setText(special, specials[layer]);
        special.title = specials[layer];
        // Not `disabled`, which would take the focus away from who has just used it.
        remove.setAttribute('aria-disabled', String(counts[layer] <= units.minimum));
      });
      root.toggleAttribute('data-special', specials.some(Boolean));
    },

    keys,

    fit(pitch) {
      const letters = Math.max(0, ...heads.map(({ word }) => word.textContent.length));
      root.toggleAttribute('data-roomy', pitch > 7.1 + 0.52 * letters);
      root.toggleAttribute('data-tight', pitch < 7.5);
    },

    height: () =>
      heads.length === 0
        ? 1
        : (root.hasAttribute('data-tight') ? 3.6 : 2.4) + (root.hasAttribute('data-special') ? 1 : 0.4),

    move(glide) {
      keys().forEach((key, layer) => {
        const across = glide.at(key).x.toFixed(1);
        heads[layer].element.style.transform = `translateX(${across}px) translateX(-50%)`;
      });
    },
  };
}

/**
 * @param {number} layer - from 0
 * @param {ParameterDescription} units
 * @param {HeadActions} actions
 * @returns {Head}
 */
function createHead(layer, units, { grow, resize, open }) {
  const number = layer + 1;
  /**
   * @param {string} label
   * @param {string} sign
   * @param {string} kind - class name
   */
  const button = (label, sign, kind) =>
    html('button', { type: 'button', class: kind, 'aria-label': label, 'data-control': 'neurons' }, sign);
  const add = button(t('Add neuron to hidden layer {number}', { number }), '+', 'small-button');
  const remove = button(t('Remove neuron from hidden layer {number}', { number }), '−', 'small-button');
  const settings = button(t('Hidden layer {number} settings', { number }), '⋯', 'head-settings');
  settings.setAttribute('aria-haspopup', 'dialog');
  settings.dataset.control = 'layer_settings';
  settings.title = t('Activation, dropout, freezing');
  // No min and max: the server's sentence says more than a browser's bubble.
  const count = html('input', {
    type: 'number',
    class: 'head-count',
    'data-control': 'neurons',
    step: units.step,
    'aria-label': t('Neurons in hidden layer {number}', { number }),
  });
  const word = html('span', { class: 'head-word', 'aria-hidden': 'true', 'data-control': 'neurons' });
  const special = html('div', { class: 'head-special' });
  add.addEventListener('click', () => grow(layer, 1));
  remove.addEventListener('click', () => grow(layer, -1));
  settings.addEventListener('click', () => open(layer, settings));
  count.addEventListener('focus', () => count.select());
  count.addEventListener('change', async () => {
    const wish = count.valueAsNumber;
    const answer = Number.isNaN(wish) ? null : await resize(layer, wish);
    if (!answer || answer.refusal) count.value = count.defaultValue;
  });
  const row = html('div', { class: 'head-row' }, remove, count, word, add, settings);
  const group = { class: 'layer-head', role: 'group', 'aria-label': t('Hidden layer {number}', { number }) };
  return { element: html('div', group, row, special), count, word, remove, special };
}
