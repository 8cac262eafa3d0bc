/**
 * The output picture as a drawing to keep: the surface as an image, everything else as shapes.
 */
import { context2d } from '../../lib/canvas.js';
import { classBorders } from '../../lib/contour.js';
import { html, svg } from '../../lib/element.js';
import { number } from '../../lib/format.js';
import { markerPath } from '../../lib/points.js';
import { fileName, imageOf, newDrawing, savePicture, standalone } from '../../lib/save-picture.js';
import { t, tn } from '../../lib/words.js';
import { samplesIn } from './plane.js';
import { pointRadius, valueColor } from './points.js';
import { curvePoints, paintPicture } from './surface.js';

/** @import {Palette} from '../../palette.js' */
/** @import {PageState, PlaneData} from '../../store.js' */
/** @import {PictureFormat} from '../../lib/save-picture.js' */

/** All in CSS pixels: the picture's side, and what stands around it. */
const SIDE = 400;
const LEFT = 56;
const BELOW = 52;
const RIGHT = 20;
const LINE = 20;
const HEAD = 34;

/**
 * @param {PageState} state
 * @param {PictureFormat} format
 * @param {Palette} palette
 * @param {{markWrong: boolean, axes: SVGSVGElement}} shown - what else is on the page
 */
export async function saveOutput(state, format, palette, shown) {
  const { data, experiment, picture } = state;
  if (!data || !experiment) return;
  const epoch = String(picture?.epoch ?? 0);
  const name = fileName(experiment.data_label, t('output'), t('epoch {epoch}', { epoch }));
  await savePicture(drawOutput(state, palette, shown), format, name);
}

/**
 * @param {PageState} state
 * @param {Palette} palette
 * @param {{markWrong: boolean, axes: SVGSVGElement}} shown
 * @returns {SVGSVGElement}
 */
export function drawOutput(state, palette, { markWrong, axes }) {
  const { data, experiment, picture } = state;
  const title = tn('{data} after {n} epoch', '{data} after {n} epochs', picture?.epoch ?? 0, {
    data: experiment?.data_label ?? '',
  });
  const width = LEFT + SIDE + RIGHT;
  const font = getComputedStyle(axes).fontFamily;
  const entries = data ? legend(data, palette) : [];
  const rows = laidOut(entries, width - 2 * RIGHT);
  const top = HEAD + rows.length * LINE + 6;
  const root = newDrawing(width, top + SIDE + BELOW + (data?.slice ? LINE : 0), title, palette.paper, font);
  const heading = { x: RIGHT, y: 24, 'font-size': 15, 'font-weight': 650, fill: palette.ink };
  root.append(svg('text', heading, title));
  rows.forEach((row, line) => {
    for (const { x, entry } of row) {
      root.append(
        svg('g', { transform: `translate(${RIGHT + x} ${HEAD + line * LINE + 8})` }, ...entry.nodes),
      );
    }
  });
  const clip = svg('clipPath', { id: 'picture' }, svg('rect', { width: SIDE, height: SIDE, rx: 8 }));
  /** @param {Node[]} nodes */
  const clipped = (nodes) => svg('g', { 'clip-path': 'url(#picture)' }, ...nodes);
  root.append(
    svg('defs', {}, clip),
    svg(
      'g',
      { transform: `translate(${LEFT} ${top})` },
      clipped(surface(state, palette)),
      svg(
        'g',
        { class: 'points', 'stroke-linejoin': 'round' },
        ...(data ? points(state, data, palette, markWrong) : []),
      ),
      clipped(curve(state, palette)),
      svg('g', {}, ...writtenAround(axes)),
    ),
  );
  if (data?.slice) {
    const place = { x: RIGHT, y: top + SIDE + BELOW + 6, 'font-size': 10.5, fill: palette.muted };
    root.append(svg('text', place, data.slice));
  }
  return root;
}

/**
 * Return the numbers and names along the sides, at the places where they stand beside a picture of our size.
 *
 * @param {SVGSVGElement} axes - as on the page
 * @returns {Node[]}
 */
function writtenAround(axes) {
  const scale = SIDE / (axes.clientWidth || SIDE);
  return [...standalone(axes).children].map((node) => {
    const transform = node.getAttribute('transform');
    if (transform) {
      node.setAttribute(
        'transform',
        transform.replace(/translate\(\S+ (\S+)\)/, (_, y) => `translate(-38 ${y * scale})`),
      );
    } else {
      const [x, y] = ['x', 'y'].map((name) => Number(node.getAttribute(name)));
      const below = y > SIDE / scale;
      node.setAttribute('x', String(x < 0 ? x : x * scale));
      node.setAttribute('y', String(below ? SIDE + (y - SIDE / scale) : y * scale));
    }
    return node;
  });
}

/**
 * @param {PageState} state
 * @param {Palette} palette
 * @returns {Node[]}
 */
function surface(state, palette) {
  const { picture, experiment, discretize } = state;
  const background = svg('rect', { width: SIDE, height: SIDE, fill: palette.value(0) });
  if (!picture || !experiment) return [background];
  if (picture.curve) return [background];
  const small = context2d(html('canvas', { width: 1, height: 1 }));
  if (!paintPicture(small, state, null, palette)) return [background];
  // Enlarged here: how smoothly an image is enlarged is up to each program that shows the file.
  const large = context2d(html('canvas', { width: 2 * SIDE, height: 2 * SIDE }));
  large.imageSmoothingEnabled = !discretize;
  large.imageSmoothingQuality = 'high';
  large.drawImage(small.canvas, 0, 0, 2 * SIDE, 2 * SIDE);
  const image = imageOf(large.canvas, 0, 0, SIDE, SIDE);
  if (!picture.output || experiment.problem === 'regression') return [image];
  const lines = classBorders(picture.output, experiment.problem === 'binary').map((at) => round(at * SIDE));
  let path = '';
  for (let at = 0; at < lines.length; at += 4) {
    path += `M${lines[at]} ${lines[at + 1]}L${lines[at + 2]} ${lines[at + 3]}`;
  }
  const look = {
    stroke: palette.ink,
    'stroke-opacity': 0.55,
    'stroke-width': 1.25,
    'stroke-linecap': 'round',
  };
  return [image, svg('path', { class: 'border', d: path, fill: 'none', ...look })];
}

/**
 * @param {PageState} state
 * @param {Palette} palette
 * @returns {Node[]} the fitted curve of data with one input
 */
function curve(state, { accent }) {
  const line = curvePoints(state).map(([x, y]) => `${round(x * SIDE)} ${round(y * SIDE)}`);
  if (line.length === 0) return [];
  const look = { fill: 'none', stroke: accent, 'stroke-width': 3, 'stroke-linejoin': 'round' };
  return [svg('polyline', { class: 'curve', points: line.join(' '), ...look })];
}

/**
 * @param {PageState} state
 * @param {PlaneData} data
 * @param {Palette} palette
 * @param {boolean} markWrong
 * @returns {Node[]}
 */
function points({ showTest, picture }, data, palette, markWrong) {
  const radius = pointRadius(data.train.count, SIDE);
  const value = valueColor(data, palette);
  const wrong = new Set();
  if (markWrong && picture?.mistakes) {
    const numbers = [...data.train.index, ...data.test.index];
    picture.mistakes.forEach((mistake, at) => mistake && wrong.add(numbers[at]));
  }
  /** @type {Node[]} */
  const rings = [];
  // Those to learn from lie on top, as on the page.
  const drawn = [...samplesIn(data, showTest)].reverse().map(({ index, place: at, target, test }) => {
    const place = `translate(${round(at.across * SIDE)} ${round((1 - at.up) * SIDE)})`;
    const classed = data.classes.length > 0;
    const color = classed ? palette.classes[target % palette.classes.length] : value(target);
    if (wrong.has(index)) {
      const ring = {
        transform: place,
        r: radius + 3.4,
        fill: 'none',
        stroke: palette.ink,
        'stroke-width': 1.7,
      };
      rings.push(svg('circle', { class: 'wrong', ...ring }));
    }
    const shape = { transform: place, d: markerPath(classed ? target : 0, radius) };
    if (!classed && !data.curve) {
      const edge = test ? palette.ink : palette.muted; // a value near 0 has hardly a colour of its own
      return svg('path', { ...shape, fill: color, stroke: edge, 'stroke-width': test ? 1.4 : 0.8 });
    }
    const [fill, stroke] = test ? [palette.paper, color] : [color, palette.paper];
    return svg('path', {
      ...shape,
      fill,
      stroke,
      'stroke-width': test ? 2 : 1.2,
      'paint-order': test ? null : 'stroke',
    });
  });
  return [...drawn, ...rings];
}

/** @typedef {{nodes: Node[], width: number}} Entry */

/**
 * @param {PlaneData} data
 * @param {Palette} palette
 * @returns {Entry[]}
 */
function legend({ classes, valueRange, curve }, palette) {
  const text = { 'font-size': 12, fill: palette.muted };
  if (classes.length > 0) {
    return classes.map((label, kind) => ({
      nodes: [
        svg('path', { transform: 'translate(6 -4)', d: markerPath(kind, 5), fill: palette.classes[kind] }),
        svg('text', { x: 16, ...text }, label),
      ],
      width: 32 + 6.4 * label.length,
    }));
  }
  if (curve) return [];
  const steps = 32;
  const bar = Array.from({ length: steps }, (_, step) =>
    svg('rect', {
      x: 40 + step * 3,
      y: -9,
      width: 3.2,
      height: 9,
      fill: palette.value((2 * step + 1) / steps - 1),
    }),
  );
  const [low, high] = valueRange.map((end) => number(end, 2));
  return [
    {
      nodes: [
        svg('text', { x: 34, 'text-anchor': 'end', ...text }, low),
        ...bar,
        svg('text', { x: 42 + steps * 3, ...text }, high),
      ],
      width: 190,
    },
  ];
}

/**
 * @param {Entry[]} entries
 * @param {number} width - that there is
 * @returns {{x: number, entry: Entry}[][]} rows of them
 */
function laidOut(entries, width) {
  /** @type {{x: number, entry: Entry}[][]} */
  const rows = [];
  let x = Infinity;
  for (const entry of entries) {
    if (x + entry.width > width) {
      rows.push([]);
      x = 0;
    }
    rows.at(-1)?.push({ x, entry });
    x += entry.width;
  }
  return rows;
}

/** @param {number} value */
function round(value) {
  return Math.round(value * 100) / 100;
}
