/**
 * What the pointer is at: lit up in the network, shown large beside it, and told in words.
 */
import { number } from '../../lib/format.js';
import { neuronName } from '../../lib/plan.js';

/** @import {Actions} from '../../view.js' */
/** @import {Neuron, PageState} from '../../store.js' */
/** @import {Spot} from '../../lib/motion.js' */
/** @import {Plan} from '../../lib/plan.js' */
/** @import {Tooltip} from '../../lib/tooltip.js' */
/** @import {Edge} from '../../lib/weights.js' */
/** @import {Edges} from './edges.js' */

/** Pixels from the centre of the smallest nodes within which they are meant. */
const REACH = 6;

/**
 * @typedef {Object} Pointing
 * @property {(plan: Plan | null, state: PageState) => void} know - what there is to point at
 * @property {() => void} moved - nodes or edges have changed under the pointer
 * @property {() => void} repictured - the values have changed
 */

/**
 * @param {HTMLElement} stage
 * @param {{edges: Edges, spotOf: (key: string) => Spot}} scene
 * @param {Tooltip} tooltip
 * @param {Actions} actions
 * @returns {Pointing}
 */
export function createPointing(stage, { edges, spotOf }, tooltip, actions) {
  /** @type {Plan | null} */
  let plan = null;
  /** @type {PageState | null} */
  let shown = null;
  /** @type {{x: number, y: number} | null} */
  let pointer = null;
  /** @type {Edge | null} */
  let edge = null;
  /** @type {Neuron | null} */
  let neuron = null;

  stage.addEventListener('pointermove', (event) => {
    const box = stage.getBoundingClientRect();
    pointer = { x: event.clientX - box.left, y: event.clientY - box.top };
    tooltip.move(event.clientX, event.clientY);
    find();
  });
  stage.addEventListener('pointerleave', () => {
    pointer = null;
    point(null, null);
  });

  function find() {
    if (!pointer || !plan) return;
    const { x, y } = pointer;
    const found = neuronAt(plan, spotOf, x, y);
    point(found ? null : edges.nearest(x, y), found);
  }

  /**
   * @param {Edge | null} newEdge
   * @param {Neuron | null} newNeuron
   */
  function point(newEdge, newNeuron) {
    [edge, neuron] = [newEdge, newNeuron];
    edges.light(edge, neuron);
    const old = shown?.pointedAt;
    if (old?.layer !== neuron?.layer || old?.unit !== neuron?.unit) actions.show({ pointedAt: neuron });
    tell();
  }

  function tell() {
    const weights = shown?.picture?.weights;
    if (!pointer || !plan || !weights || (!edge && !neuron)) {
      tooltip.hide();
      return;
    }
    const { experiment, gaps } = plan;
    const classes = shown?.data?.classes ?? [];
    if (edge) {
      const start = neuronName({ layer: edge.gap, unit: edge.from }, experiment, classes);
      const end = neuronName({ layer: edge.gap + 1, unit: edge.to }, experiment, classes);
      tooltip.say(`${start} → ${end}`, `weight ${number(weights[edge.weight])}`);
    } else if (neuron) {
      const { layer, unit } = neuron;
      const text = layer === 0 ? 'input' : `bias ${number(weights[gaps[layer - 1].bias + unit])}`;
      tooltip.say(neuronName(neuron, experiment, classes), text);
    }
  }

  return {
    know(newPlan, state) {
      [plan, shown] = [newPlan, state];
    },
    moved() {
      if (pointer) find();
      else if (edge || neuron) point(null, null);
    },
    repictured() {
      if (!pointer) return;
      if (!edge && !neuron) find();
      tell();
    },
  };
}

/**
 * @param {Plan} plan
 * @param {(key: string) => Spot} spotOf
 * @param {number} x
 * @param {number} y
 * @returns {Neuron | null}
 */
function neuronAt({ keys }, spotOf, x, y) {
  for (const [layer, layerKeys] of keys.entries()) {
    const unit = layerKeys.findIndex((key) => {
      const spot = spotOf(key);
      const reach = Math.max(spot.size / 2, REACH);
      return Math.abs(spot.x - x) <= reach && Math.abs(spot.y - y) <= reach;
    });
    if (unit >= 0) return { layer, unit };
  }
  return null;
}
