/**
 * A class's marker, to stand beside its name.
 */
import { svg } from './element.js';
import { markerPath } from './points.js';

/**
 * @param {number} kind - class number
 * @param {string[]} colors - of the classes, CSS
 * @returns {SVGSVGElement}
 */
export function classMark(kind, colors) {
  const mark = svg('path', { d: markerPath(kind, 5), fill: colors[kind % colors.length] });
  return svg('svg', { viewBox: '-8 -8 16 16', class: 'legend-mark', 'aria-hidden': 'true' }, mark);
}
