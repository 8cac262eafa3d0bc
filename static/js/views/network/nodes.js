/**
 * The nodes' elements: inputs to switch on and off, neurons, and what is written beside them.
 */
import { context2d } from '../../lib/canvas.js';
import { html } from '../../lib/element.js';
import { classMark } from '../../lib/legend.js';
import { inputKey, neuronName } from '../../lib/plan.js';
import { t } from '../../lib/words.js';

/** @import {Input} from '../../protocol.js' */
/** @import {Glide, Spot} from '../../lib/motion.js' */
/** @import {Plan} from '../../lib/plan.js' */

/** Nodes smaller than this are dots without a map. */
const LEAST_MAP = 13;

/**
 * @typedef {Object} Node
 * @property {HTMLButtonElement} element
 * @property {CanvasRenderingContext2D | null} context - of an input's map, which does not change while it trains
 * @property {HTMLElement | null} bias
 */

/**
 * @typedef {Object} Nodes
 * @property {(plan: Plan, offered: Input[], classes: string[]) => void} build - what the network shares with the one
 *   before stays
 * @property {(key: string) => Node | undefined} get
 * @property {() => string[]} inputKeys - from top to bottom, those that are not fed too
 * @property {(key: string) => Input | undefined} input
 * @property {(keys: string[], classes: string[], colors: string[]) => void} nameOutputs - with each class's mark
 * @property {(lines: number) => void} fit - so many lines there are for each input's name
 * @property {(glide: Glide) => void} move
 */

/**
 * @param {HTMLElement} root
 * @param {(input: Input) => string} helpOf
 * @returns {Nodes}
 */
export function createNodes(root, helpOf) {
  /** @type {Map<string, Node>} */
  let nodes = new Map();
  /** @type {Map<string, Input>} */
  let inputs = new Map();
  /** @type {Map<string, HTMLElement>} */
  const captions = new Map();

  /**
   * @param {string} key
   * @param {HTMLElement} element
   */
  function caption(key, element) {
    captions.get(key)?.remove();
    captions.set(key, element);
    root.append(element);
  }

  /**
   * @param {Node} node
   * @param {string} key
   * @param {Input} input - may be another of the same key: the first measurement of other data
   * @param {boolean} fed
   */
  function nameInput({ element }, key, input, fed) {
    const { kind, label } = input;
    element.setAttribute(
      'aria-label',
      kind === 'formula' ? t('Formula {formula}', { formula: label }) : label,
    );
    element.title = helpOf(input);
    if (kind !== 'formula') element.setAttribute('aria-pressed', String(fed));
    if (captions.get(key)?.textContent !== label) caption(key, captionOf(label));
    captions.get(key)?.toggleAttribute('data-off', !fed);
  }

  return {
    build({ experiment, keys, gaps, frozen }, offered, classes) {
      /** @type {Map<string, Node>} */
      const kept = new Map();
      /**
       * @param {string} key
       * @param {() => Node} create
       */
      const keep = (key, create) => {
        const node = nodes.get(key) ?? create();
        node.element.dataset.key = key;
        if (!nodes.has(key)) root.append(node.element);
        kept.set(key, node);
        return node;
      };
      inputs = new Map([...offered, ...experiment.inputs].map((input) => [inputKey(input), input]));
      for (const [key, input] of inputs) {
        const node = keep(key, () => createNode(`node-${input.kind}`, false, input.kind === 'formula'));
        nameInput(node, key, input, keys[0].includes(key));
      }
      for (let layer = 1; layer < keys.length; layer++) {
        const kind = layer === keys.length - 1 ? 'node-output' : 'node-hidden';
        keys[layer].forEach((key, unit) => {
          const { element, bias } = keep(key, () => createNode(kind, true, true));
          element.setAttribute('aria-label', neuronName({ layer, unit }, experiment, classes));
          bias?.toggleAttribute('data-frozen', frozen[gaps[layer - 1].bias + unit] === 1);
        });
      }
      for (const [key, { element }] of nodes) if (!kept.has(key)) element.remove();
      for (const [key, element] of captions) {
        if (kept.has(key)) continue;
        element.remove();
        captions.delete(key);
      }
      nodes = kept;
    },

    get: (key) => nodes.get(key),

    inputKeys: () => [...inputs.keys()],

    input: (key) => inputs.get(key),

    fit(lines) {
      root.toggleAttribute('data-uncaptioned', lines < 1);
      root.toggleAttribute('data-close', lines < 2);
    },

    nameOutputs(keys, classes, colors) {
      keys.forEach((key, kind) => {
        captions.get(key)?.remove();
        captions.delete(key);
        if (classes.length <= 2) return;
        const element = captionOf(classes[kind]);
        element.dataset.output = '';
        element.prepend(classMark(kind, colors));
        caption(key, element);
      });
    },

    move(glide) {
      for (const [key, { element }] of nodes) {
        const { x, y, size } = glide.at(key);
        const box = boxOf({ x, y, size });
        element.style.transform = `translate(${box.left}px, ${box.top}px)`;
        element.style.width = element.style.height = `${box.size}px`;
        element.toggleAttribute('data-dot', isDot(size));
        const text = captions.get(key);
        if (!text) continue;
        const edge = 'output' in text.dataset ? x + size / 2 : x - size / 2;
        text.style.transform = `translate(${edge.toFixed(1)}px, ${y.toFixed(1)}px)`;
      }
    },
  };
}

/**
 * Return the square in which a node is drawn: whole pixels, so that what is drawn beneath it fits.
 *
 * @param {Spot} spot
 * @returns {{left: number, top: number, size: number}} CSS pixels
 */
export function boxOf({ x, y, size }) {
  return { left: Math.round(x - size / 2), top: Math.round(y - size / 2), size: Math.round(size) };
}

/**
 * @param {number} size - CSS pixels
 * @returns {boolean} whether a node is too small for a map
 */
export function isDot(size) {
  return size < LEAST_MAP;
}

/**
 * @param {string} kind - class name
 * @param {boolean} hasBias - as neurons have, whose maps are drawn beneath them
 * @param {boolean} opens - whether it opens a card
 * @returns {Node}
 */
function createNode(kind, hasBias, opens) {
  const canvas = hasBias ? null : html('canvas', { class: 'node-map', width: 1, height: 1 });
  const bias = hasBias ? html('span', { class: 'node-bias' }) : null;
  // Of all nodes one is reached by Tab, the others from there by arrows.
  const attributes = {
    type: 'button',
    class: `node ${kind}`,
    tabindex: -1,
    'aria-haspopup': opens && 'dialog',
  };
  return { element: html('button', attributes, canvas, bias), context: canvas && context2d(canvas), bias };
}

/** @param {string} text */
function captionOf(text) {
  return html('span', { class: 'node-caption', 'aria-hidden': 'true' }, text);
}
