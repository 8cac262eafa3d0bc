/**
 * The points that the network learns from, and those that it is tested with.
 */
import { addMarker } from '../../lib/points.js';

/** @import {Palette} from '../../palette.js' */
/** @import {Points} from '../../lib/points.js' */
/** @import {PlaneData} from '../../store.js' */

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Points} points
 * @param {PlaneData} data
 * @param {number} side - CSS pixels
 * @param {Palette} palette
 * @param {boolean} hollow - for points that only test
 */
export function drawSamples(context, points, { domain, classes, valueRange }, side, palette, hollow) {
  const [[left, right], [low, high]] = domain;
  const crowded = points.count > 1200 ? 0.7 : 1;
  const radius = Math.max(2.4, side / 112) * crowded;
  const greatest = Math.max(...valueRange.map(Math.abs)) || 1;
  const kinds = Math.max(1, classes.length);
  context.lineJoin = 'round';
  /** @param {(index: number) => boolean} wanted */
  const trace = (wanted, kind = 0) => {
    context.beginPath();
    for (let index = 0; index < points.count; index++) {
      if (!wanted(index)) continue;
      const x = ((points.x[index] - left) / (right - left)) * side;
      const y = (1 - (points.y[index] - low) / (high - low)) * side;
      addMarker(context, kind, x, y, radius);
    }
  };
  if (classes.length > 0) {
    for (let kind = 0; kind < kinds; kind++) {
      trace((index) => points.target[index] === kind, kind);
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
  for (let index = 0; index < points.count; index++) {
    trace((other) => other === index);
    context.lineWidth = hollow ? 3 : 1.6;
    context.strokeStyle = hollow ? palette.ink : palette.muted;
    context.stroke();
    context.fillStyle = palette.value(points.target[index] / greatest);
    context.fill();
  }
}
