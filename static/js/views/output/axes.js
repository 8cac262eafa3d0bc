/**
 * What is written around the picture: numbers and names along its sides.
 */
import { svg } from '../../lib/element.js';
import { number } from '../../lib/format.js';
import { ticks } from '../../lib/ticks.js';

/** @import {PlaneData} from '../../store.js' */

/**
 * @param {SVGSVGElement} root
 * @param {PlaneData | null} data
 * @param {number} side - CSS pixels
 * @param {string[]} coordinates - what the network's inputs call two measurements
 */
export function drawAxes(root, data, side, coordinates) {
  root.replaceChildren();
  if (!data || !side) return;
  const [[left, right], [low, high]] = data.domain;
  const across = ticks(left, right, 5).map((value) => {
    const x = ((value - left) / (right - left)) * side;
    return svg('text', { x, y: side + 16, class: 'axis-tick', 'text-anchor': 'middle' }, number(value));
  });
  const up = ticks(low, high, 5).map((value) => {
    const y = (1 - (value - low) / (high - low)) * side;
    return svg('text', { x: -7, y: y + 3.5, class: 'axis-tick', 'text-anchor': 'end' }, number(value));
  });
  const middle = side / 2;
  const [nameAcross, nameUp] = axisNames(data, coordinates);
  const attributes = { class: 'axis-name', 'text-anchor': 'middle' };
  root.append(
    ...across,
    ...up,
    svg('text', { x: middle, y: side + 34, ...attributes }, nameAcross),
    svg('text', { transform: `translate(-34 ${middle}) rotate(-90)`, ...attributes }, nameUp),
  );
}

/**
 * @param {PlaneData} data
 * @param {string[]} coordinates - what the network's inputs call two measurements
 * @returns {string[]} what is drawn across and upwards
 */
function axisNames({ axes, columns }, coordinates) {
  // Of one measurement, or of many, the inputs go by their own names.
  if (columns.length !== 2) return axes;
  return axes.map((name, direction) =>
    name === coordinates[direction] ? name : `${coordinates[direction]} = ${name}`,
  );
}
