/**
 * Fields of uint8 values, drawn through a table of 256 colours.
 */

/** @import {Layered} from './picture.js' */

/** Where a table of values has the colours of what is off and on: short of its ends, as points are drawn on them. */
const [OFF, ON] = [19, 236];

/** @type {Map<number, {image: ImageData, pixels: Uint32Array}>} */
const scratch = new Map();

/**
 * Give a canvas side × side pixels of its own, and fill them.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {number} side
 * @param {(pixels: Uint32Array) => void} fill - has to set every pixel
 */
export function paintPixels(context, side, fill) {
  const { canvas } = context;
  if (canvas.width !== side || canvas.height !== side) [canvas.width, canvas.height] = [side, side];
  const { image, pixels } = scratchImage(side);
  fill(pixels);
  context.putImageData(image, 0, 0);
}

/**
 * Draw one plane of values, a pixel for each.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Layered} field
 * @param {number} plane
 * @param {Uint32Array} table - 256 pixels
 */
export function paintField(context, { values, side }, plane, table) {
  const start = plane * side * side;
  paintPixels(context, side, (pixels) => {
    for (let at = 0; at < pixels.length; at++) pixels[at] = table[values[start + at]];
  });
}

/**
 * Paint where a class is the likeliest, and how likely.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Layered} output - plane 0 says which class, plane 1 how likely it is
 * @param {number} kind - class number
 * @param {Uint32Array} table - 256 pixels, by confidence
 */
export function paintClass(context, { values, side }, kind, table) {
  paintPixels(context, side, (pixels) => {
    for (let at = 0; at < pixels.length; at++) {
      pixels[at] = values[at] === kind ? table[values[at + pixels.length]] : table[0];
    }
  });
}

/**
 * Return a table for values whose 255 stands for less than 1: an input that hardly varies looks so.
 *
 * @param {Uint32Array} table
 * @param {number} scale
 * @returns {Uint32Array}
 */
export function weakened(table, scale) {
  if (!(scale < 1)) return table;
  return Uint32Array.from(table, (_, index) => table[Math.round(127.5 + (index - 127.5) * scale)]);
}

/**
 * Return a table of two colours: of neurons that are on, which is to answer more than a threshold, and of those that
 * are off.
 *
 * @param {Uint32Array} table - 256 pixels, where 128 stands for 0
 * @param {number} scale - the answer that 255 stands for
 * @param {number} threshold - the answer above which a neuron is on
 * @returns {Uint32Array}
 */
export function thresholded(table, scale, threshold) {
  const last = Math.round(128 + (127 * threshold) / (scale || 1));
  return Uint32Array.from(table, (_, index) => table[index > last ? ON : OFF]);
}

/**
 * @param {HTMLCanvasElement} canvas
 * @returns {CanvasRenderingContext2D}
 */
export function context2d(canvas) {
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser cannot draw on a canvas.');
  return context;
}

/**
 * Give a canvas one pixel for each of the screen's, and return how many there are to a CSS pixel.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {number} width - CSS pixels
 * @param {number} height - CSS pixels
 * @returns {number}
 */
export function fitToScreen(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1;
  const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== across) canvas.width = across;
  if (canvas.height !== down) canvas.height = down;
  return ratio;
}

/**
 * Return a reusable picture of side × side pixels.
 *
 * @param {number} side
 * @returns {{image: ImageData, pixels: Uint32Array}}
 */
function scratchImage(side) {
  let found = scratch.get(side);
  if (!found) {
    const image = new ImageData(side, side);
    found = { image, pixels: new Uint32Array(image.data.buffer) };
    scratch.set(side, found);
  }
  return found;
}
