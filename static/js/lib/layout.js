/**
 * Where each neuron stands: columns of inputs, hidden layers and outputs, from left to right.
 */

/**
 * @typedef {Object} Column
 * @property {number} x - centre
 * @property {number[]} y - centre of each node
 * @property {number} size - width and height of a node
 */

/**
 * @typedef {Object} Room - all in CSS pixels
 * @property {number} width
 * @property {number} height
 * @property {number} left - kept free for the inputs' labels
 * @property {number} right - kept free for the outputs' labels
 * @property {number} top - kept free for the buttons of each layer
 * @property {number} node - a node's size where there is room
 */

const LEAST_NODE = 4;

/** Distance between two columns that still leaves room for the buttons of a layer. */
const LEAST_PITCH = 58;

/** Inputs that would stand closer than this have no room for their names, and stand in a block instead. */
const LEAST_COLUMN_STEP = 22;

/** Distance between the nodes of a block: for a finger to tell them apart. */
const BLOCK_STEP = 24;

/**
 * Return the narrowest width in which a network can be read.
 *
 * @param {number} columns
 * @param {Pick<Room, 'left' | 'right' | 'node'>} room
 * @returns {number}
 */
export function leastWidth(columns, { left, right, node }) {
  return left + right + node + (columns - 1) * LEAST_PITCH;
}

/**
 * Return how far it is from one column to the next.
 *
 * @param {number} columns
 * @param {Room} room
 * @returns {number}
 */
export function pitchOf(columns, { width, left, right, node }) {
  return (width - left - right - node) / Math.max(1, columns - 1);
}

/**
 * @typedef {Object} Block - of nodes in rows, for more of them than a column can hold
 * @property {number[]} x - centre of each node
 * @property {number[]} y
 * @property {number} size - width and height of a node
 * @property {number} width
 */

/**
 * Return a block that is about as wide as high, filled row by row, or null where one column will do.
 *
 * @param {number} count
 * @param {number} left - pixels kept free beside it
 * @param {Pick<Room, 'height' | 'top'>} room
 * @returns {Block | null}
 */
export function blockOf(count, left, { height, top }) {
  const available = height - top;
  if (available / count >= LEAST_COLUMN_STEP) return null;
  const across = Math.ceil(Math.sqrt(count));
  const rows = Math.ceil(count / across);
  const step = Math.min(BLOCK_STEP, available / rows);
  const nodes = Array.from({ length: count }, (_, index) => index);
  const first = top + available / 2 - (step * (rows - 1)) / 2;
  return {
    x: nodes.map((index) => left + ((index % across) + 0.5) * step),
    y: nodes.map((index) => first + Math.floor(index / across) * step),
    size: step - 3,
    width: across * step,
  };
}

/**
 * @param {number[]} units - nodes of each column
 * @param {Room} room
 * @returns {Column[]}
 */
export function layOut(units, room) {
  const first = room.left + room.node / 2;
  const pitch = pitchOf(units.length, room);
  const height = room.height - room.top;
  const middle = room.top + height / 2;
  return units.map((count, index) => {
    const available = height / Math.max(1, count);
    const size = Math.max(LEAST_NODE, Math.min(room.node, pitch * 0.54, available * 0.84));
    const step = Math.min(available, size * 1.7);
    const top = middle - (step * (count - 1)) / 2;
    return {
      x: first + index * pitch,
      y: Array.from({ length: count }, (_, unit) => top + unit * step),
      size,
    };
  });
}

/**
 * @typedef {Object} Curve - an edge, flat at both ends
 * @property {number} x0
 * @property {number} y0
 * @property {number} x1
 * @property {number} y1
 */

/**
 * @param {Curve} curve
 * @returns {string} the `d` of an SVG path
 */
export function curvePath({ x0, y0, x1, y1 }) {
  const middle = ((x0 + x1) / 2).toFixed(1);
  return `M${x0.toFixed(1)} ${y0.toFixed(1)}C${middle} ${y0.toFixed(1)} ${middle} ${y1.toFixed(1)} ${x1.toFixed(1)} ${y1.toFixed(1)}`;
}

/**
 * Return how far a curve passes above or below a point.
 *
 * @param {Curve} curve
 * @param {number} x
 * @param {number} y
 * @returns {number} pixels; infinite where the curve does not reach
 */
export function distanceToCurve({ x0, y0, x1, y1 }, x, y) {
  const across = (x - x0) / (x1 - x0);
  if (!(across >= 0 && across <= 1)) return Infinity;
  // All edges of a gap have their handles half way, so x alone tells where along the curve we are.
  let t = across;
  for (let round = 0; round < 6; round++) {
    const error = 1.5 * t - 1.5 * t * t + t * t * t - across;
    t -= error / (1.5 - 3 * t + 3 * t * t);
  }
  const rise = 3 * t * t - 2 * t * t * t;
  return Math.abs(y0 + (y1 - y0) * rise - y);
}
