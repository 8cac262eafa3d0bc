/**
 * The buttons above each hidden layer, by which it grows and shrinks.
 */
import { html } from '../../lib/element.js';
import { counted } from '../../lib/format.js';

/** @import {Glide} from '../../lib/motion.js' */

/** @typedef {{element: HTMLElement, count: HTMLElement, remove: HTMLButtonElement}} Head */

/**
 * @typedef {Object} Heads
 * @property {(units: number[]) => void} build - for the hidden layers
 * @property {() => string[]} keys - by which they are placed
 * @property {(pitch: number) => void} fit - into so many rem from one layer to the next
 * @property {(glide: Glide) => void} move
 */

/**
 * @param {HTMLElement} root
 * @param {number} least - neurons in a layer
 * @param {(layer: number, more: number) => void} onResize - for the hidden layer, from 0, and how many neurons more
 * @returns {Heads}
 */
export function createHeads(root, least, onResize) {
  /** @type {Head[]} */
  const heads = [];
  const keys = () => heads.map((_, layer) => `head ${layer}`);

  return {
    build(units) {
      while (heads.length > units.length) heads.pop()?.element.remove();
      while (heads.length < units.length) {
        const head = createHead(heads.length, onResize);
        heads.push(head);
        root.append(head.element);
      }
      heads.forEach(({ count, remove }, layer) => {
        const [digits, word] = counted(units[layer], 'neuron').split(' ');
        count.replaceChildren(digits, html('span', { class: 'head-word' }, ` ${word}`));
        // Not `disabled`, which would take the focus away from who has just used it.
        remove.setAttribute('aria-disabled', String(units[layer] <= least));
      });
    },

    keys,

    fit(pitch) {
      root.toggleAttribute('data-roomy', pitch > 8.5);
      root.toggleAttribute('data-tight', pitch < 5.2);
    },

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
 * @param {(layer: number, more: number) => void} onResize
 * @returns {Head}
 */
function createHead(layer, onResize) {
  const name = `hidden layer ${layer + 1}`;
  const add = html('button', { type: 'button', class: 'small-button' }, '+');
  const remove = html('button', { type: 'button', class: 'small-button' }, '−');
  add.setAttribute('aria-label', `Add neuron to ${name}`);
  remove.setAttribute('aria-label', `Remove neuron from ${name}`);
  add.addEventListener('click', () => onResize(layer, 1));
  remove.addEventListener('click', () => onResize(layer, -1));
  const count = html('span', { class: 'head-count' });
  const group = { class: 'layer-head', role: 'group', 'aria-label': `Hidden layer ${layer + 1}` };
  return { element: html('div', group, remove, count, add), count, remove };
}
