/**
 * The nodes' elements: features to switch on and off, other inputs, neurons, and what is written beside them.
 */
import { context2d } from '../../lib/canvas.js';
import { html } from '../../lib/element.js';
import { classMark } from '../../lib/legend.js';
import { inputKey, neuronName } from '../../lib/plan.js';

/** @import {EntryDescription} from '../../protocol.js' */
/** @import {Glide} from '../../lib/motion.js' */
/** @import {Plan} from '../../lib/plan.js' */

/** Nodes smaller than this are dots without a map. */
const LEAST_MAP = 13;

/**
 * @typedef {Object} Node
 * @property {HTMLElement} element
 * @property {CanvasRenderingContext2D} context - of its map
 * @property {HTMLElement | null} bias
 */

/**
 * @typedef {Object} Nodes
 * @property {(plan: Plan, classes: string[]) => void} build - what the network shares with the one before stays
 * @property {(key: string) => Node | undefined} get
 * @property {() => string[]} inputKeys - from top to bottom, features that are not fed too
 * @property {(chosen: string[]) => void} press - show which features are fed
 * @property {(keys: string[], classes: string[], colors: string[]) => void} nameOutputs - with each class's mark
 * @property {(glide: Glide) => void} move
 */

/**
 * @param {HTMLElement} root
 * @param {EntryDescription[]} features
 * @param {(feature: string) => void} onToggle
 * @returns {Nodes}
 */
export function createNodes(root, features, onToggle) {
  /** @type {Map<string, Node>} */
  let nodes = new Map();
  /** @type {Map<string, HTMLElement>} */
  const captions = new Map();
  /** @type {string[]} */
  let inputKeys = [];

  /**
   * @param {string} key
   * @param {HTMLElement} element
   */
  function caption(key, element) {
    captions.get(key)?.remove();
    captions.set(key, element);
    root.append(element);
  }

  /** @param {EntryDescription} feature */
  function createFeature({ name, label, help }) {
    const attributes = { type: 'button', class: 'node node-feature', 'aria-label': label, title: help };
    const button = html('button', attributes);
    button.addEventListener('click', () => onToggle(name));
    caption(inputKey({ feature: name, label }), captionOf(label));
    return createNode(button, false);
  }

  /** @param {string} label */
  function createExtra(label) {
    caption(inputKey({ feature: '', label }), captionOf(label));
    return createNode(html('div', { class: 'node node-extra', role: 'img', 'aria-label': label }), false);
  }

  return {
    build({ experiment, keys }, classes) {
      /** @type {Map<string, Node>} */
      const kept = new Map();
      /**
       * @param {string} key
       * @param {() => Node} create
       */
      const keep = (key, create) => {
        const node = nodes.get(key) ?? create();
        if (!nodes.has(key)) root.append(node.element);
        kept.set(key, node);
        return node;
      };
      for (const feature of features) {
        keep(inputKey({ feature: feature.name, label: '' }), () => createFeature(feature));
      }
      for (const input of experiment.inputs.filter(({ feature }) => !feature)) {
        keep(inputKey(input), () => createExtra(input.label));
      }
      inputKeys = [...kept.keys()];
      for (let layer = 1; layer < keys.length; layer++) {
        const kind = layer === keys.length - 1 ? 'node-output' : 'node-hidden';
        keys[layer].forEach((key, unit) => {
          const { element } = keep(key, () => createNeuron(kind));
          element.setAttribute('aria-label', neuronName({ layer, unit }, experiment, classes));
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

    inputKeys: () => inputKeys,

    press(chosen) {
      for (const { name, label } of features) {
        const key = inputKey({ feature: name, label });
        const fed = chosen.includes(name);
        nodes.get(key)?.element.setAttribute('aria-pressed', String(fed));
        captions.get(key)?.toggleAttribute('data-off', !fed);
      }
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
        element.style.transform = `translate(${(x - size / 2).toFixed(1)}px, ${(y - size / 2).toFixed(1)}px)`;
        element.style.width = element.style.height = `${size.toFixed(1)}px`;
        element.toggleAttribute('data-dot', size < LEAST_MAP);
        const text = captions.get(key);
        if (!text) continue;
        const edge = 'output' in text.dataset ? x + size / 2 : x - size / 2;
        text.style.transform = `translate(${edge.toFixed(1)}px, ${y.toFixed(1)}px)`;
      }
    },
  };
}

/** @param {string} kind - class name */
function createNeuron(kind) {
  return createNode(html('div', { class: `node ${kind}`, role: 'img' }), true);
}

/**
 * @param {HTMLElement} element
 * @param {boolean} hasBias
 * @returns {Node}
 */
function createNode(element, hasBias) {
  const canvas = html('canvas', { class: 'node-map', width: 1, height: 1 });
  const bias = hasBias ? html('span', { class: 'node-bias' }) : null;
  element.append(canvas);
  if (bias) element.append(bias);
  return { element, context: context2d(canvas), bias };
}

/** @param {string} text */
function captionOf(text) {
  return html('span', { class: 'node-caption', 'aria-hidden': 'true' }, text);
}
