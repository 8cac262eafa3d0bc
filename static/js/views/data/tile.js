/**
 * A data set in small, the same way up as the output's picture.
 */
import { context2d, fitToScreen } from '../../lib/canvas.js';
import { addMarker } from '../../lib/points.js';

/** @import {Palette} from '../../palette.js' */
/** @import {EntryDescription} from '../../protocol.js' */

/** A thumbnail's width and height, and its greatest value. */
const SIDE = 64;
const MOST = 10;

/**
 * @param {HTMLCanvasElement} canvas
 * @param {EntryDescription} entry
 * @param {Palette} palette
 */
export function paintTile(canvas, { thumbnail, classes = [] }, palette) {
  const { clientWidth: width, clientHeight: height } = canvas;
  if (!thumbnail || !width) return;
  const ratio = fitToScreen(canvas, width, height);
  const context = context2d(canvas);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  const radius = Math.max(1.2, width / 42);
  const { x, y, target } = thumbnail;

  // One fill for all points of a colour: one for each point takes ten times as long.
  for (const kind of new Set(target)) {
    context.beginPath();
    target.forEach((other, index) => {
      if (other !== kind) return;
      const shape = classes.length ? kind : 0;
      addMarker(context, shape, (x[index] / SIDE) * width, (y[index] / SIDE) * height, radius);
    });
    context.fillStyle = classes.length
      ? palette.classes[kind % palette.classes.length]
      : palette.weight(kind / MOST);
    context.fill();
  }
}
