/**
 * What is seen to flow along the strongest edges, at the pace of training. It is drawn on the canvas of the maps, between
 * them: a second canvas over the whole network would cost as much as the first.
 */
import { addDashes, trackOf } from '../../lib/flow.js';

/** @import {Palette} from '../../palette.js' */
/** @import {Curve} from '../../lib/layout.js' */
/** @import {Edge} from '../../lib/weights.js' */
/** @import {Track} from '../../lib/flow.js' */

/** It flows along so many edges, and along none weaker than this. */
const MOST_TRACKS = 60;
const LEAST_TRACK = 0.3;

/** While it trains, how often the edges are chosen anew. */
const CHOOSE_MS = 500;

/** Least time between two steps. */
const STEP_MS = 30;

/** Pixels between a node and what flows from or to it. */
const GAP = 3;

const OPACITY = 0.85;

const DASHES = { dash: 4, period: 20 }; // pixels

/**
 * @typedef {Object} Flow
 * @property {(edges: Edge[], weights: Float32Array) => void} choose - along which of these it flows
 * @property {() => boolean} outdated - whether it is time to choose again
 * @property {(wanted: boolean) => void} run - or rest; with reduced motion it always rests
 * @property {() => void} destroy
 */

/**
 * @param {CanvasRenderingContext2D} context
 * @param {MediaQueryList} reducedMotion
 * @param {{palette: () => Palette, curveOf: (edge: Edge) => Curve, pace: () => number}} now - as of this moment; the
 *   pace is in epochs a second
 * @returns {Flow}
 */
export function createFlow(context, reducedMotion, { palette, curveOf, pace }) {
  /** @type {Track[]} */
  let tracks = [];
  /** @type {Map<number, Curve>} one for each pair of layers */
  let strips = new Map();
  let chosenAt = 0;
  let travelled = 0; // pixels
  let scheduled = 0;
  let wanted = false;

  function clear() {
    const ratio = window.devicePixelRatio || 1;
    for (const { x0, x1 } of strips.values()) {
      const [left, right] = [Math.ceil(ratio * (x0 + 1)), Math.floor(ratio * (x1 - 1))];
      context.clearRect(left, 0, right - left, context.canvas.height);
    }
  }

  function draw() {
    const ratio = window.devicePixelRatio || 1;
    clear();
    context.save();
    context.scale(ratio, ratio);
    context.beginPath();
    for (const track of tracks) addDashes(context, track, travelled, DASHES);
    context.strokeStyle = palette().paper;
    context.globalAlpha = OPACITY;
    context.lineWidth = 2;
    context.stroke();
    context.restore();
  }

  function start() {
    cancelAnimationFrame(scheduled);
    clear();
    if (!wanted || reducedMotion.matches) return;
    let before = performance.now();
    /** @param {number} now */
    const tick = (now) => {
      scheduled = requestAnimationFrame(tick);
      if (now - before < STEP_MS) return;
      travelled += ((now - before) / 1000) * (10 + 16 * Math.log10(1 + pace()));
      before = now;
      draw();
    };
    scheduled = requestAnimationFrame(tick);
  }
  reducedMotion.addEventListener('change', start);

  return {
    choose(edges, weights) {
      chosenAt = performance.now();
      clear();
      const chosen = edges
        .map((edge) => ({ edge, size: Math.abs(weights[edge.weight]) }))
        .filter(({ size }) => size > LEAST_TRACK)
        .sort((a, b) => b.size - a.size)
        .slice(0, MOST_TRACKS)
        .map(({ edge }) => ({ gap: edge.gap, curve: curveOf(edge) }));
      strips = new Map(chosen.map(({ gap, curve }) => [gap, curve]));
      tracks = chosen.map(({ curve: { x0, y0, x1, y1 } }) => trackOf({ x0: x0 + GAP, y0, x1: x1 - GAP, y1 }));
    },
    outdated: () => performance.now() - chosenAt > CHOOSE_MS,
    run(wish) {
      wanted = wish;
      start();
    },
    destroy() {
      cancelAnimationFrame(scheduled);
      reducedMotion.removeEventListener('change', start);
    },
  };
}
