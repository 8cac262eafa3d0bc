/**
 * What is written around the picture: the axes, and what its colours stand for.
 */
import { context2d } from '../../lib/canvas.js';
import { html, svg } from '../../lib/element.js';
import { number } from '../../lib/format.js';
import { classMark } from '../../lib/legend.js';
import { ticks } from '../../lib/ticks.js';

/** @import {Palette} from '../../palette.js' */
/** @import {PlaneData} from '../../store.js' */

/**
 * @param {SVGSVGElement} root
 * @param {PlaneData | null} data
 * @param {number} side - CSS pixels
 * @param {string[]} coordinates - what the network's inputs call the two axes
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
  const [nameAcross, nameUp] = data.axes.map((name, direction) =>
    name === coordinates[direction] ? name : `${coordinates[direction]} = ${name}`,
  );
  const attributes = { class: 'axis-name', 'text-anchor': 'middle' };
  root.append(
    ...across,
    ...up,
    svg('text', { x: middle, y: side + 34, ...attributes }, nameAcross),
    svg('text', { transform: `translate(-34 ${middle}) rotate(-90)`, ...attributes }, nameUp),
  );
}

/**
 * @param {HTMLElement} root
 * @param {PlaneData | null} data
 * @param {Palette} palette
 */
export function drawLegend(root, data, palette) {
  root.replaceChildren();
  if (!data) return;
  if (data.classes.length === 0) {
    const bar = html('canvas', { class: 'legend-bar', width: 256, height: 1, 'aria-hidden': 'true' });
    const image = new ImageData(256, 1);
    new Uint32Array(image.data.buffer).set(palette.diverging);
    context2d(bar).putImageData(image, 0, 0);
    const [low, high] = data.valueRange;
    root.append(html('span', {}, number(low, 2)), bar, html('span', {}, number(high, 2)));
  }
  data.classes.forEach((label, kind) => {
    root.append(html('span', { class: 'legend-item' }, classMark(kind, palette.classes), label));
  });
}
