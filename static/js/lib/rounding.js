/**
 * Squares with round corners, pixel by pixel.
 */

/** @import {Target} from './resample.js' */

/** @typedef {{row: number, column: number, cover: number}} Corner - a pixel that is covered in part, 0 to 255 */

/** Along each side of a pixel, so many points tell how far it is covered. */
const POINTS = 4;

/** @type {Map<string, Corner[]>} */
const known = new Map();

/**
 * Make the pixels outside of the round corners of a square transparent, and those on their edge in part.
 *
 * @param {Target} target
 * @param {number} radius - pixels
 */
export function roundCorners({ pixels, start, stride, size }, radius) {
  for (const { row, column, cover } of cornersOf(size, radius)) {
    const at = start + row * stride + column;
    pixels[at] = (pixels[at] & 0xffffff) | (cover << 24);
  }
}

/**
 * Return the pixels of a square that its round corners do not cover whole.
 *
 * @param {number} size - pixels along each side
 * @param {number} radius - pixels
 * @returns {Corner[]}
 */
export function cornersOf(size, radius) {
  const key = `${size} ${radius}`;
  let corners = known.get(key);
  if (!corners) {
    corners = [];
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) {
        const cover = Math.round(255 * coverOf(column, row, size, radius));
        if (cover < 255) corners.push({ row, column, cover });
      }
    }
    known.set(key, corners);
  }
  return corners;
}

/**
 * @param {number} column
 * @param {number} row
 * @param {number} size
 * @param {number} radius
 * @returns {number} how much of a pixel is covered, 0 to 1
 */
function coverOf(column, row, size, radius) {
  let inside = 0;
  for (let down = 0; down < POINTS; down++) {
    for (let across = 0; across < POINTS; across++) {
      // Distance from the square on which the centres of the corners' circles lie.
      const x = Math.abs(column + (across + 0.5) / POINTS - size / 2) - (size / 2 - radius);
      const y = Math.abs(row + (down + 0.5) / POINTS - size / 2) - (size / 2 - radius);
      if (Math.hypot(Math.max(0, x), Math.max(0, y)) <= radius) inside += 1;
    }
  }
  return inside / POINTS ** 2;
}
