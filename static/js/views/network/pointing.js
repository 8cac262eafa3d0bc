/**
 * What the pointer is at, or the keyboard's focus: lit up in the network, shown large beside it, and told in words.
 */
import { number } from '../../lib/format.js';
import { neuronName, weightName } from '../../lib/plan.js';
import { weightIndex } from '../../lib/weights.js';
import { t } from '../../lib/words.js';
import { formulaOf } from './reading.js';

/** @import {Choices} from '../../catalogue.js' */
/** @import {Input} from '../../protocol.js' */
/** @import {Actions} from '../../view.js' */
/** @import {Neuron, PageState, WeightPlace} from '../../store.js' */
/** @import {Spot} from '../../lib/motion.js' */
/** @import {Plan} from '../../lib/plan.js' */
/** @import {Tooltip} from '../../lib/tooltip.js' */
/** @import {Edge} from '../../lib/weights.js' */
/** @import {Edges} from './edges.js' */
/** @import {Nodes} from './nodes.js' */

/** Pixels from the centre of the smallest nodes, and of the mark of a bias, within which they are meant. */
const REACH = 6;
const BIAS_REACH = 8;

/** Nodes smaller than this show no bias. */
const LEAST_WITH_BIAS = 13;

/**
 * @typedef {Object} Found - at most one of them
 * @property {Neuron | null} neuron
 * @property {Neuron | null} bias - of this neuron
 * @property {Edge | null} edge
 * @property {Input | null} spare - an input that is not fed
 */

/** @type {Found} */
const NOTHING = { neuron: null, bias: null, edge: null, spare: null };

/**
 * @typedef {Object} Pointing
 * @property {(plan: Plan | null, state: PageState) => void} know - what there is to point at
 * @property {(clientX: number, clientY: number) => Found} at - in pixels of the window
 * @property {() => void} moved - nodes or edges have changed under the pointer
 * @property {() => void} repictured - the values have changed
 */

/**
 * @param {HTMLElement} stage
 * @param {{edges: Edges, nodes: Nodes, spotOf: (key: string) => Spot}} scene
 * @param {Tooltip} tooltip
 * @param {Actions} actions
 * @param {Choices} choices
 * @returns {Pointing}
 */
export function createPointing(stage, { edges, nodes, spotOf }, tooltip, actions, choices) {
  /** @type {Plan | null} */
  let plan = null;
  /** @type {PageState | null} */
  let shown = null;
  /** @type {{x: number, y: number} | null} */
  let pointer = null;
  /** @type {string | null} */
  let focused = null; // key of the node that the keyboard is at
  let found = NOTHING;

  stage.addEventListener('pointermove', ({ clientX, clientY }) => {
    const box = stage.getBoundingClientRect();
    pointer = { x: clientX - box.left, y: clientY - box.top };
    tooltip.move(clientX, clientY);
    point(find(pointer));
  });
  stage.addEventListener('pointerleave', () => {
    pointer = null;
    point(NOTHING);
  });
  stage.addEventListener('focusin', ({ target }) => {
    if (!(target instanceof HTMLElement) || !target.dataset.key || !target.matches(':focus-visible')) return;
    focused = target.dataset.key;
    pointer = null;
    const { right, top } = target.getBoundingClientRect();
    tooltip.move(right, top);
    point(atKey(focused));
    // Heard once: as of now, not of each picture.
    if (!target.title) target.setAttribute('aria-description', words()[1]);
  });
  stage.addEventListener('focusout', () => {
    if (!focused) return;
    focused = null;
    point(NOTHING);
  });

  /**
   * @param {{x: number, y: number}} spot
   * @returns {Found}
   */
  function find({ x, y }) {
    if (!plan) return NOTHING;
    const bias = nodeAt(plan.keys, (key, layer) => layer > 0 && isBias(spotOf(key), x, y));
    if (bias) return { ...NOTHING, bias };
    const neuron = nodeAt(plan.keys, (key) => isNode(spotOf(key), x, y));
    if (neuron) return { ...NOTHING, neuron };
    const spare = nodes.inputKeys().find((key) => isNode(spotOf(key), x, y));
    if (spare) return { ...NOTHING, spare: nodes.input(spare) ?? null };
    return { ...NOTHING, edge: edges.nearest(x, y) };
  }

  /**
   * @param {string} key
   * @returns {Found}
   */
  function atKey(key) {
    const neuron = plan && nodeAt(plan.keys, (other) => other === key);
    return { ...NOTHING, neuron, spare: (!neuron && nodes.input(key)) || null };
  }

  /** @param {Found} newFound */
  function point(newFound) {
    found = newFound;
    const { neuron, edge, bias } = found;
    stage.toggleAttribute('data-editable', Boolean(edge ?? bias));
    light();
    const old = shown?.pointedAt;
    if (old?.layer !== neuron?.layer || old?.unit !== neuron?.unit) actions.show({ pointedAt: neuron });
    if (shown?.pointedSpare !== found.spare) actions.show({ pointedSpare: found.spare });
    tell();
  }

  /** What is being edited stays lit while nothing else is pointed at. */
  function light() {
    const { neuron, edge, bias } = found;
    const place = edge || neuron || bias ? null : (shown?.selected ?? null);
    const selected = place && place.row !== null ? edgeOf(place) : null;
    edges.light(edge ?? selected, neuron ?? bias ?? (place && !selected ? place : null));
  }

  /**
   * @param {WeightPlace} place
   * @returns {Edge | null}
   */
  function edgeOf(place) {
    const weight = plan ? weightIndex(plan.gaps, place) : -1;
    return weight < 0 ? null : { gap: place.layer - 1, from: place.row ?? 0, to: place.unit, weight };
  }

  function tell() {
    const [title, text] = words();
    if (title) tooltip.say(title, text);
    else tooltip.hide();
  }

  /** @returns {[title: string, text: string]} "" for nothing to say */
  function words() {
    const weights = shown?.picture?.weights;
    const { neuron, edge, bias, spare } = found;
    if (!plan || (!pointer && !focused)) return ['', ''];
    if (spare) return [spare.label, t('not an input yet: click to add it')];
    if (!weights || weights.length !== plan.experiment.parameters) return ['', ''];
    const { experiment, gaps, frozen } = plan;
    const classes = shown?.data?.classes ?? [];
    const place = edge
      ? { layer: edge.gap + 1, row: edge.from, unit: edge.to }
      : bias && { ...bias, row: null };
    if (place) {
      const index = weightIndex(gaps, place);
      const value = edge ? t('weight {value}', { value: number(weights[index]) }) : number(weights[index]);
      return [
        weightName(place, experiment, classes),
        frozen[index] ? t('{value}, frozen', { value }) : value,
      ];
    }
    if (!neuron) return ['', ''];
    const name = neuronName(neuron, experiment, classes);
    return [name, neuron.layer === 0 ? t('input') : formulaOf(neuron, plan, weights, choices)];
  }

  return {
    know(newPlan, state) {
      const reselected = state.selected !== shown?.selected;
      [plan, shown] = [newPlan, state];
      if (reselected) light();
    },
    at(clientX, clientY) {
      const box = stage.getBoundingClientRect();
      return find({ x: clientX - box.left, y: clientY - box.top });
    },
    moved() {
      if (pointer) point(find(pointer));
      else if (focused) point(atKey(focused));
      else if (found !== NOTHING) point(NOTHING);
      else light();
    },
    repictured() {
      if (pointer && Object.values(found).every((one) => !one)) point(find(pointer));
      else if (pointer || focused) tell();
    },
  };
}

/**
 * @param {string[][]} keys
 * @param {(key: string, layer: number) => boolean} matches
 * @returns {Neuron | null}
 */
function nodeAt(keys, matches) {
  for (const [layer, layerKeys] of keys.entries()) {
    const unit = layerKeys.findIndex((key) => matches(key, layer));
    if (unit >= 0) return { layer, unit };
  }
  return null;
}

/**
 * @param {Spot} spot
 * @param {number} x
 * @param {number} y
 */
function isNode(spot, x, y) {
  const reach = Math.max(spot.size / 2, REACH);
  return Math.abs(spot.x - x) <= reach && Math.abs(spot.y - y) <= reach;
}

/**
 * @param {Spot} spot
 * @param {number} x
 * @param {number} y
 * @returns {boolean} whether this is the mark of the bias, at the node's lower left
 */
function isBias({ x: centre, y: middle, size }, x, y) {
  if (size < LEAST_WITH_BIAS) return false;
  return Math.hypot(centre - size / 2 + 1 - x, middle + size / 2 - 1 - y) <= BIAS_REACH;
}
