/**
 * The edges: a line for every weight, or for the strongest where there are too many to tell apart.
 */
import { svg } from '../../lib/element.js';
import { curvePath, distanceToCurve } from '../../lib/layout.js';
import { edgesToDraw } from '../../lib/weights.js';

/** @import {Palette} from '../../palette.js' */
/** @import {Neuron} from '../../store.js' */
/** @import {Curve} from '../../lib/layout.js' */
/** @import {Plan} from '../../lib/plan.js' */
/** @import {Edge} from '../../lib/weights.js' */

/** More edges cannot be told apart, and would cost more than the training. */
const MOST_EDGES = 700;

/** While only the strongest edges are drawn, how often they are chosen anew. */
const CHOOSE_MS = 500;

/** Pixels around an edge within which it is meant by the pointer. */
const REACH = 9;

/** @typedef {{edge: Edge, path: SVGPathElement, color: string, width: string, opacity: string}} DrawnEdge */

/**
 * @typedef {Object} Edges
 * @property {(plan: Plan, weights: Float32Array | null) => void} choose - which are drawn
 * @property {() => boolean} outdated - whether others may have become the strongest
 * @property {() => boolean} complete - whether every edge is drawn
 * @property {() => Edge[]} drawn
 * @property {(weights: Float32Array, palette: Palette) => void} paint
 * @property {() => void} move - to where the nodes are now
 * @property {(x: number, y: number) => Edge | null} nearest - within reach of a point
 * @property {(edge: Edge | null, neuron: Neuron | null) => void} light - one edge or all of a neuron's, and dim the others
 */

/**
 * @param {SVGGElement} group
 * @param {SVGPathElement} halo - around the edge at the pointer
 * @param {(edge: Edge) => Curve} curveOf
 * @returns {Edges}
 */
export function createEdges(group, halo, curveOf) {
  /** @type {DrawnEdge[]} */
  const lines = [];
  let complete = true;
  let chosenAt = 0;

  return {
    choose({ gaps, frozen }, weights) {
      const total = gaps.reduce((sum, { fanIn, units }) => sum + fanIn * units, 0);
      const chosen = edgesToDraw(gaps, weights, MOST_EDGES);
      complete = total <= MOST_EDGES;
      chosenAt = weights ? performance.now() : -Infinity;
      while (lines.length > chosen.length) lines.pop()?.path.remove();
      chosen.forEach((edge, index) => {
        if (!lines[index]) {
          const path = svg('path', { class: 'edge', 'stroke-opacity': 0 });
          group.append(path);
          lines.push({ edge, path, color: '', width: '', opacity: '0' });
        }
        lines[index].edge = edge;
        lines[index].path.toggleAttribute('data-frozen', frozen[edge.weight] === 1);
        lines[index].path.setAttribute('d', curvePath(curveOf(edge)));
      });
    },

    outdated: () => !complete && performance.now() - chosenAt > CHOOSE_MS,

    complete: () => complete,

    drawn: () => lines.map(({ edge }) => edge),

    paint(weights, palette) {
      const crowd = Math.min(1, Math.max(0.35, 90 / Math.max(1, lines.length)) ** 0.5);
      // Where all weights are small, as in wide networks, the scale follows them down a little.
      const greatest = lines.reduce((most, { edge }) => Math.max(most, Math.abs(weights[edge.weight])), 0);
      const unit = Math.min(1, Math.max(0.3, greatest / 1.5));
      for (const line of lines) {
        const weight = weights[line.edge.weight] / unit;
        const size = Math.abs(weight);
        const color = palette.weight(weight / 1.5);
        const width = ((0.7 + Math.min(size, 5) * 1.35) * crowd).toFixed(1);
        const opacity = Math.min(1, (0.28 + size * 0.62) * (0.55 + 0.45 * crowd)).toFixed(2);
        if (color !== line.color) line.path.setAttribute('stroke', (line.color = color));
        if (width !== line.width) line.path.setAttribute('stroke-width', (line.width = width));
        if (opacity !== line.opacity) line.path.setAttribute('stroke-opacity', (line.opacity = opacity));
      }
    },

    move() {
      for (const { edge, path } of lines) path.setAttribute('d', curvePath(curveOf(edge)));
    },

    nearest(x, y) {
      /** @type {Edge | null} */
      let nearest = null;
      let least = REACH;
      for (const { edge } of lines) {
        const distance = distanceToCurve(curveOf(edge), x, y);
        if (distance < least) [nearest, least] = [edge, distance];
      }
      return nearest;
    },

    light(lit, neuron) {
      halo.setAttribute('d', lit ? curvePath(curveOf(lit)) : '');
      group.toggleAttribute('data-dimmed', Boolean(lit) || Boolean(neuron));
      for (const { edge, path } of lines) {
        path.toggleAttribute(
          'data-lit',
          edge.weight === lit?.weight || (neuron !== null && touches(edge, neuron)),
        );
      }
    },
  };
}

/**
 * @param {Edge} edge
 * @param {Neuron} neuron
 */
function touches({ gap, from, to }, { layer, unit }) {
  return (layer === gap && unit === from) || (layer === gap + 1 && unit === to);
}
