/**
 * What is seen to flow along the strongest edges, at the pace of training.
 */
import { context2d, fitToScreen } from '../../lib/canvas.js';
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

/** Least time between two steps: without a graphics card each costs as much as a picture. */
const STEP_MS = 30;

const DASHES = { dash: 4, period: 20 }; // pixels

/**
 * @typedef {Object} Flow
 * @property {(edges: Edge[], weights: Float32Array) => void} choose - along which of these it flows
 * @property {() => boolean} outdated - whether it is time to choose again
 * @property {(wanted: boolean) => void} run - or rest; with reduced motion it always rests
 * @property {() => void} destroy
 */

/**
 * @param {HTMLCanvasElement} canvas
 * @param {MediaQueryList} reducedMotion
 * @param {{palette: () => Palette, curveOf: (edge: Edge) => Curve, pace: () => number}} now - as of this moment; the
 *   pace is in epochs a second
 * @returns {Flow}
 */
export function createFlow(canvas, reducedMotion, { palette, curveOf, pace }) {
  const context = context2d(canvas);
  /** @type {Track[]} */
  let tracks = [];
  let chosenAt = 0;
  let travelled = 0; // pixels
  let scheduled = 0;
  let wanted = false;

  function draw() {
    const { clientWidth: width, clientHeight: height } = canvas;
    const ratio = fitToScreen(canvas, width, height);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    context.beginPath();
    for (const track of tracks) addDashes(context, track, travelled, DASHES);
    context.strokeStyle = palette().paper;
    context.lineWidth = 2;
    context.stroke();
  }

  function start() {
    cancelAnimationFrame(scheduled);
    canvas.hidden = !wanted || reducedMotion.matches;
    if (canvas.hidden) return;
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
      tracks = edges
        .map((edge) => ({ edge, size: Math.abs(weights[edge.weight]) }))
        .filter(({ size }) => size > LEAST_TRACK)
        .sort((a, b) => b.size - a.size)
        .slice(0, MOST_TRACKS)
        .map(({ edge }) => trackOf(curveOf(edge)));
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
