/**
 * What is marked on the picture: wrong points, the samples of the last step, and the place that is looked at or edited.
 */
import { addMarker } from '../../lib/points.js';
import { testPointIsSeen } from './plane.js';
import { pointRadius, valueColor } from './points.js';

/** @import {Palette} from '../../palette.js' */
/** @import {PlaneData} from '../../store.js' */
/** @import {Place} from './plane.js' */

/**
 * @typedef {Object} Marks
 * @property {Uint8Array | null} mistakes - 1 for each point that is answered wrongly, those of training first
 * @property {number[]} lastBatch - numbers of the samples of the last step
 * @property {boolean} showTest
 * @property {Place | null} crosshair
 * @property {Hint | null} hint
 */

/**
 * @typedef {Object} Hint - what a press would do
 * @property {'add' | 'erase' | 'move'} tool
 * @property {Place} place
 * @property {number} value - class or value of a new point
 * @property {number} reach - as a share of the picture's side
 */

/**
 * @param {CanvasRenderingContext2D} context
 * @param {PlaneData} data
 * @param {number} side - CSS pixels
 * @param {Palette} palette
 * @param {Marks} marks
 */
export function drawMarks(context, data, side, palette, { mistakes, lastBatch, showTest, crosshair, hint }) {
  const radius = pointRadius(data.train.count, side);
  /**
   * @param {Place} place
   * @returns {[number, number]}
   */
  const at = ({ across, up }) => [across * side, (1 - up) * side];
  /**
   * @param {(index: number, number: number) => boolean} wanted - given its number among all, and as a sample
   * @param {number} reach
   */
  const ring = (wanted, reach) => {
    context.beginPath();
    let number = 0;
    for (const points of [data.train, data.test]) {
      for (let index = 0; index < points.count; index++, number++) {
        const hidden = points === data.test && !testPointIsSeen(data, points.index[index], showTest);
        if (hidden || !wanted(number, points.index[index])) continue;
        const [x, y] = at({ across: points.across[index], up: points.up[index] });
        context.moveTo(x + reach, y);
        context.arc(x, y, reach, 0, 2 * Math.PI);
      }
    }
  };
  if (mistakes && mistakes.length === data.train.count + data.test.count) {
    ring((number) => mistakes[number] === 1, radius + 3.4);
    stroke(context, palette.paper, 3.4);
    stroke(context, palette.ink, 1.7);
  }
  if (lastBatch.length > 0) {
    const batch = new Set(lastBatch);
    ring((_number, sample) => batch.has(sample), radius + 4.2);
    stroke(context, palette.paper, 4.4);
    stroke(context, palette.accent, 2.4);
  }
  if (hint) drawHint(context, data, at(hint.place), side, palette, hint, radius);
  if (crosshair) {
    const [x, y] = at(crosshair);
    context.beginPath();
    context.moveTo(x, 0);
    context.lineTo(x, side);
    context.moveTo(0, y);
    context.lineTo(side, y);
    stroke(context, palette.paper, 2.4);
    stroke(context, palette.ink, 1);
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {PlaneData} data
 * @param {[number, number]} at - CSS pixels
 * @param {number} side
 * @param {Palette} palette
 * @param {Hint} hint
 * @param {number} radius - of a point
 */
function drawHint(context, data, [x, y], side, palette, { tool, value, reach }, radius) {
  context.beginPath();
  if (tool === 'add') {
    const kind = data.classes.length ? value : 0;
    addMarker(context, kind, x, y, radius);
    stroke(context, data.classes.length ? palette.paper : palette.muted, 2.5);
    context.fillStyle = data.classes.length
      ? palette.classes[kind % palette.classes.length]
      : valueColor(data, palette)(value);
    context.globalAlpha = 0.75;
    context.fill();
    context.globalAlpha = 1;
    return;
  }
  context.arc(x, y, tool === 'erase' ? reach * side : radius + 4, 0, 2 * Math.PI);
  stroke(context, palette.paper, 3.4);
  stroke(context, tool === 'erase' ? palette.ink : palette.accent, tool === 'erase' ? 1.2 : 2);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {string} color
 * @param {number} width
 */
function stroke(context, color, width) {
  context.strokeStyle = color;
  context.lineWidth = width;
  context.stroke();
}
