/**
 * The points that the network learns from, and those that it is tested with.
 */
import { addMarker } from '../../lib/points.js';

/** @import {Palette} from '../../palette.js' */
/** @import {Points} from '../../lib/points.js' */
/** @import {PlaneData} from '../../store.js' */

/** More points than this are drawn smaller. */
const CROWD = 1200;

/**
 * @param {number} count - of points
 * @param {number} side - of the picture
 * @returns {number} how large each is, in the unit of `side`
 */
export function pointRadius(count, side) {
  return Math.max(2.4, side / 112) * (count > CROWD ? 0.7 : 1);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Points} points
 * @param {PlaneData} data
 * @param {number} side - CSS pixels
 * @param {Palette} palette
 * @param {boolean} hollow - for points that only test
 * @param {(at: number) => boolean} seen - which of the points to draw
 */
export function drawSamples(context, points, data, side, palette, hollow, seen) {
  const { classes, curve } = data;
  const radius = pointRadius(points.count, side);
  context.lineJoin = 'round';
  /**
   * @param {number} at
   * @param {number} [kind]
   */
  const add = (at, kind = 0) => {
    addMarker(context, kind, points.across[at] * side, (1 - points.up[at]) * side, radius);
  };
  if (classes.length > 0) {
    for (let kind = 0; kind < classes.length; kind++) {
      context.beginPath();
      for (let at = 0; at < points.count; at++) if (points.target[at] === kind && seen(at)) add(at, kind);
      context.lineWidth = hollow ? 4 : 2.5;
      context.strokeStyle = hollow ? palette.ink : palette.paper;
      context.stroke();
      if (hollow) {
        context.lineWidth = 2.4;
        context.strokeStyle = palette.classes[kind % palette.classes.length];
        context.stroke();
      }
      context.fillStyle = hollow ? palette.paper : palette.classes[kind % palette.classes.length];
      context.fill();
    }
    return;
  }
  // Values: a dot's colour is its own, so each is a path of its own.
  const color = valueColor(data, palette);
  for (let at = 0; at < points.count; at++) {
    if (!seen(at)) continue;
    context.beginPath();
    add(at);
    context.lineWidth = hollow ? 3 : 1.6;
    context.strokeStyle = hollow ? palette.ink : curve ? palette.paper : palette.muted;
    context.stroke();
    context.fillStyle = hollow && curve ? palette.paper : color(points.target[at]);
    context.globalAlpha = curve ? 0.7 : 1;
    context.fill();
    context.globalAlpha = 1;
  }
}

/**
 * @param {PlaneData} data
 * @param {Palette} palette
 * @returns {(value: number) => string} the colour of a point with this value; beside a curve, height says it already
 */
export function valueColor({ valueRange: [low, high], curve }, palette) {
  return (value) => (curve ? palette.muted : palette.value((2 * (value - low)) / (high - low) - 1));
}
