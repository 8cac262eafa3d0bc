/**
 * A data set in small, the same way up as the output's picture.
 */
import { context2d, fitToScreen } from '../../lib/canvas.js';
import { addMarker } from '../../lib/points.js';

/** @import {Palette} from '../../palette.js' */
/** @import {EntryDescription} from '../../protocol.js' */

/** So many colours from minus to plus are enough for points of this size. */
const SHADES = 12;

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
  const [low, high] = thumbnail.value_range;

  // One fill for all points of a colour: one for each point takes ten times as long.
  const kinds = thumbnail.target.map((target) =>
    classes.length ? target : Math.round(((2 * (target - low)) / (high - low) - 1) * SHADES),
  );
  for (const kind of new Set(kinds)) {
    context.beginPath();
    kinds.forEach((other, index) => {
      if (other !== kind) return;
      addMarker(
        context,
        classes.length ? kind : 0,
        thumbnail.x[index] * width,
        thumbnail.y[index] * height,
        radius,
      );
    });
    context.fillStyle = classes.length
      ? palette.classes[kind % palette.classes.length]
      : palette.weight(kind / SHADES);
    context.fill();
  }
}
