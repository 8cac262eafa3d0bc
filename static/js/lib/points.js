/**
 * Samples as drawn, and the marker that tells each class apart without colour.
 */
import { bytesOf, floatsOf } from './bytes.js';

/**
 * @typedef {Object} Points
 * @property {Uint32Array} index - number of each sample, by which commands name it
 * @property {Float32Array} across - share of the picture's side, from the left
 * @property {Float32Array} up - likewise, from the bottom
 * @property {Float32Array} target - class number, or value
 * @property {number} count
 */

/**
 * @param {import('../protocol.js').Points} message
 * @returns {Points}
 */
export function pointsOf(message) {
  const [across, up, target] = [message.x, message.y, message.target].map(floatsOf);
  const index = new Uint32Array(bytesOf(message.index).slice().buffer);
  return { index, across, up, target, count: index.length };
}

/** Corners of each class's marker on the unit circle, by class number; a circle has none. */
const MARKERS = [
  null,
  corners(3, -90),
  corners(4, 45),
  corners(4, 0),
  corners(5, -90),
  star(),
  corners(3, 90),
  cross(0),
  cross(45),
  bar(),
];

/** Markers of equal area look equally large: how far the corners reach for a circle of radius 1. */
const REACH = [1, 1.42, 1.22, 1.28, 1.15, 1.4, 1.42, 1.25, 1.25, 1.5];

/**
 * Add a class's marker to a path.
 *
 * @param {Pick<CanvasRenderingContext2D, 'moveTo' | 'lineTo' | 'closePath' | 'arc'>} path
 * @param {number} kind - class number
 * @param {number} x
 * @param {number} y
 * @param {number} radius - of the circle of about the same area
 */
export function addMarker(path, kind, x, y, radius) {
  const marker = MARKERS[kind % MARKERS.length];
  const reach = radius * REACH[kind % REACH.length];
  if (!marker) {
    path.moveTo(x + radius, y);
    path.arc(x, y, radius, 0, 2 * Math.PI);
    return;
  }
  marker.forEach(([across, down], index) => {
    if (index === 0) path.moveTo(x + reach * across, y + reach * down);
    else path.lineTo(x + reach * across, y + reach * down);
  });
  path.closePath();
}

/**
 * @param {number} kind - class number
 * @param {number} radius
 * @returns {string} the marker around 0, 0 as the `d` of an SVG path
 */
export function markerPath(kind, radius) {
  /** @type {string[]} */
  const parts = [];
  addMarker(
    {
      moveTo: (x, y) => parts.push(`M${x.toFixed(2)} ${y.toFixed(2)}`),
      lineTo: (x, y) => parts.push(`L${x.toFixed(2)} ${y.toFixed(2)}`),
      closePath: () => parts.push('Z'),
      arc: (_x, _y, r) => parts.push(`A${r} ${r} 0 1 1 ${-r} 0A${r} ${r} 0 1 1 ${r} 0Z`),
    },
    kind,
    0,
    0,
    radius,
  );
  return parts.join('');
}

/**
 * @param {number} count
 * @param {number} first - degrees, clockwise from the right
 * @returns {number[][]}
 */
function corners(count, first) {
  return Array.from({ length: count }, (_, index) => onCircle(first + (360 * index) / count));
}

/** @returns {number[][]} */
function star() {
  return Array.from({ length: 10 }, (_, index) => {
    const [x, y] = onCircle(-90 + 36 * index);
    return index % 2 ? [x * 0.45, y * 0.45] : [x, y];
  });
}

/**
 * @param {number} turned - degrees
 * @returns {number[][]} of a cross whose arms are two fifths as wide as it is
 */
function cross(turned) {
  const side = Math.atan(0.4) * (180 / Math.PI);
  return [0, 90, 180, 270].flatMap((arm) => [
    onCircle(turned + arm - side),
    onCircle(turned + arm + side),
    onCircle(turned + arm + 45, 0.53),
  ]);
}

/** @returns {number[][]} of a bar, more than twice as wide as high */
function bar() {
  return [24, 156, 204, 336].map((angle) => onCircle(angle));
}

/**
 * @param {number} degrees
 * @param {number} [radius]
 */
function onCircle(degrees, radius = 1) {
  const angle = (degrees * Math.PI) / 180;
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}
