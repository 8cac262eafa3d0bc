/**
 * The signs of what has no points yet to be shown by.
 */
import { svg } from '../../lib/element.js';

/** @param {...Element} parts */
function icon(...parts) {
  return svg('svg', { viewBox: '0 0 24 24', class: 'data-icon', 'aria-hidden': 'true' }, ...parts);
}

/** @param {string} d */
function line(d) {
  return svg('path', { class: 'icon-line', d });
}

/** @returns {SVGElement} points, and a pen that adds one */
export function penIcon() {
  return icon(
    svg('circle', { class: 'data-icon-negative', cx: 5.5, cy: 7, r: 2.2 }),
    svg('circle', { class: 'data-icon-positive', cx: 6.5, cy: 17.5, r: 2.2 }),
    line('M11 17l.8-3.4 7.2-7.2a1.7 1.7 0 0 1 2.5 2.5l-7.1 7.2z'),
  );
}

/** @returns {SVGElement} rows and columns */
export function tableIcon() {
  return icon(line('M4 5.5h16v13H4zM4 10h16M9.5 10v8.5'));
}
