/**
 * Dashes that travel along curves.
 */

/** @import {Curve} from './layout.js' */

/** @typedef {{x: Float32Array, y: Float32Array, along: Float32Array, length: number}} Track - points, and how far along they are */

const SAMPLES = 20;

/**
 * Return points of a curve, close enough together that straight lines between them look like it.
 *
 * @param {Curve} curve
 * @returns {Track}
 */
export function trackOf({ x0, y0, x1, y1 }) {
  const x = new Float32Array(SAMPLES + 1);
  const y = new Float32Array(SAMPLES + 1);
  const along = new Float32Array(SAMPLES + 1);
  for (let index = 0; index <= SAMPLES; index++) {
    const t = index / SAMPLES;
    x[index] = x0 + (x1 - x0) * (1.5 * t - 1.5 * t * t + t * t * t);
    y[index] = y0 + (y1 - y0) * (3 * t * t - 2 * t * t * t);
    if (index > 0)
      along[index] = along[index - 1] + Math.hypot(x[index] - x[index - 1], y[index] - y[index - 1]);
  }
  return { x, y, along, length: along[SAMPLES] };
}

/**
 * Add to a path the dashes of a track that have travelled for some way.
 *
 * @param {Pick<CanvasRenderingContext2D, 'moveTo' | 'lineTo'>} path
 * @param {Track} track
 * @param {number} travelled - pixels
 * @param {{dash: number, period: number}} pattern - pixels: length of a dash, distance from one to the next
 */
export function addDashes(path, { x, y, along, length }, travelled, { dash, period }) {
  let segment = 1;
  for (let start = travelled % period; start + dash <= length; start += period) {
    while (along[segment] < start) segment++;
    const step = along[segment] - along[segment - 1] || 1;
    const share = (start - along[segment - 1]) / step;
    const [dx, dy] = [x[segment] - x[segment - 1], y[segment] - y[segment - 1]];
    const fromX = x[segment - 1] + dx * share;
    const fromY = y[segment - 1] + dy * share;
    path.moveTo(fromX, fromY);
    path.lineTo(fromX + (dx / step) * dash, fromY + (dy / step) * dash);
  }
}
