/**
 * Where a field of values passes through 0: the border between classes, as line segments.
 */

/** @import {Layered} from './picture.js' */

/**
 * Return where one class gives way to another.
 *
 * @param {Layered} output - the network's answers over the plane
 * @param {boolean} twoClasses - whether they are probabilities of the second of two
 * @returns {number[]} x0, y0, x1, y1 of each segment, from 0 to 1 across and downwards
 */
export function classBorders(output, twoClasses) {
  return (twoClasses ? [twoClassMargin(output)] : classMargins(output)).flatMap((margins) => {
    smooth(margins, output.side);
    smooth(margins, output.side);
    return zeroLine(margins, output.side);
  });
}

/** @param {Layered} output */
function twoClassMargin({ values, side }) {
  const margins = new Float32Array(side * side);
  for (let at = 0; at < margins.length; at++) margins[at] = values[at] - 127.5;
  return margins;
}

/**
 * Return fields that are above 0 where a class is the likeliest: one for each but the last.
 *
 * @param {Layered} output
 * @returns {Float32Array[]}
 */
function classMargins({ values, side }) {
  const pixels = side * side;
  let classes = 0;
  for (let at = 0; at < pixels; at++) classes = Math.max(classes, values[at] + 1);
  return Array.from({ length: classes - 1 }, (_, kind) => {
    const margins = new Float32Array(pixels);
    for (let at = 0; at < pixels; at++) {
      // How much likelier than the runner-up, if those two were the only ones: right where it matters, at the border.
      const margin = Math.max(2, 2 * values[at + pixels] - 255);
      margins[at] = values[at] === kind ? margin : -margin;
    }
    return margins;
  });
}

/**
 * Return the segments of a field's zero line, by marching squares.
 *
 * @param {ArrayLike<number>} field - row by row from the top, side × side
 * @param {number} side
 * @returns {number[]} x0, y0, x1, y1 of each segment, from 0 to 1 across and downwards
 */
export function zeroLine(field, side) {
  /** @type {number[]} */
  const segments = [];
  const scale = 1 / side;
  for (let row = 0; row + 1 < side; row++) {
    for (let column = 0; column + 1 < side; column++) {
      const at = row * side + column;
      const a = field[at];
      const b = field[at + 1];
      const c = field[at + side + 1];
      const d = field[at + side];
      const corners = (a > 0 ? 1 : 0) | (b > 0 ? 2 : 0) | (c > 0 ? 4 : 0) | (d > 0 ? 8 : 0);
      if (corners === 0 || corners === 15) continue;
      const x = column + 0.5; // values stand for the centres of pixels
      const y = row + 0.5;
      const top = [x + a / (a - b), y];
      const right = [x + 1, y + b / (b - c)];
      const bottom = [x + d / (d - c), y + 1];
      const left = [x, y + a / (a - d)];
      for (const [from, to] of CASES[Math.min(corners, 15 - corners)](top, right, bottom, left)) {
        segments.push(from[0] * scale, from[1] * scale, to[0] * scale, to[1] * scale);
      }
    }
  }
  return segments;
}

/**
 * Make each value the mean of itself and its neighbours, in place: values that come in whole steps make a ragged line
 * where the field is nearly level.
 *
 * @param {Float32Array} field - side × side
 * @param {number} side
 */
export function smooth(field, side) {
  for (let row = 0; row < side; row++) smoothLine(field, row * side, 1, side);
  for (let column = 0; column < side; column++) smoothLine(field, column, side, side);
}

/**
 * @param {Float32Array} field
 * @param {number} start - index of the first value
 * @param {number} step - from one value to the next
 * @param {number} count
 */
function smoothLine(field, start, step, count) {
  let before = field[start];
  for (let index = 0; index < count; index++) {
    const at = start + index * step;
    const here = field[at];
    const after = index < count - 1 ? field[at + step] : here;
    field[at] = (before + 2 * here + after) / 4;
    before = here;
  }
}

/** @typedef {number[]} Point */

/**
 * Which sides of a cell the line joins, by the corners that are above 0 (or those that are not: the line is the same).
 *
 * @type {Record<number, (top: Point, right: Point, bottom: Point, left: Point) => [Point, Point][]>}
 */
const CASES = {
  1: (top, _right, _bottom, left) => [[left, top]],
  2: (top, right) => [[top, right]],
  3: (_top, right, _bottom, left) => [[left, right]],
  4: (_top, right, bottom) => [[right, bottom]],
  5: (top, right, bottom, left) => [
    [left, top],
    [right, bottom],
  ],
  6: (top, _right, bottom) => [[top, bottom]],
  7: (_top, _right, bottom, left) => [[left, bottom]],
};
