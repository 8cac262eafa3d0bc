/**
 * What each neuron answers over the plane, all on one canvas: on a canvas of its own for each, bringing them to the
 * screen would cost more than the rest of the page.
 */
import { fitToScreen, paintField, thresholded, weakened } from '../../lib/canvas.js';
import { inputMapsOf } from '../../lib/input-maps.js';
import { drawNearest, drawSmooth } from '../../lib/resample.js';
import { roundCorners } from '../../lib/rounding.js';
import { boxOf, isDot } from './nodes.js';

/** @import {Palette} from '../../palette.js' */
/** @import {PlaneData} from '../../store.js' */
/** @import {Glide} from '../../lib/motion.js' */
/** @import {Layered, Picture} from '../../lib/picture.js' */
/** @import {Plan} from '../../lib/plan.js' */
/** @import {Target} from '../../lib/resample.js' */
/** @import {Nodes} from './nodes.js' */

/** How round a map is, in parts of its size, as the style sheet has it for the node around it; a dot is a circle. */
const ROUND = 0.26;

/**
 * @typedef {Object} Tile - where a neuron's map is drawn
 * @property {string} key
 * @property {boolean} dot - whether it is too small for a map
 * @property {Target} target
 */

/**
 * @typedef {Object} Column - a layer's maps, one above the other in one image
 * @property {ImageData} image
 * @property {number} left - pixels of the screen
 * @property {number} top
 * @property {Tile[]} tiles
 */

/**
 * @typedef {Object} Source - what a neuron's map shows
 * @property {Layered} field
 * @property {number} plane
 * @property {boolean} ofClass - whether the field says which class is likeliest, and how likely
 * @property {Uint32Array} table - 256 pixels
 */

/**
 * @typedef {Object} Maps
 * @property {(plan: Plan, glide: Glide, room: {width: number, height: number}) => void} move - to where the nodes are
 *   now, in a room in CSS pixels
 * @property {(plan: Plan, picture: Picture, discretize: boolean) => void} show - `discretize`: a neuron is only on or off
 * @property {(key: string, size: number) => ImageData} image - of one map, square
 * @property {() => void} clear - no picture is known
 */

/**
 * @param {CanvasRenderingContext2D} context - of a canvas as large as the room
 * @param {() => Palette} palette
 * @returns {Maps}
 */
export function createMaps(context, palette) {
  const { canvas } = context;
  /** @type {Column[]} */
  let columns = [];
  /** @type {Map<string, Source>} */
  let sources = new Map();

  function paint() {
    const colors = palette();
    for (const { image, left, top, tiles } of columns) {
      for (const tile of tiles) paintTile(tile, sources.get(tile.key), colors);
      context.putImageData(image, left, top);
    }
  }

  return {
    move({ keys }, glide, { width, height }) {
      const ratio = fitToScreen(canvas, width, height);
      context.clearRect(0, 0, canvas.width, canvas.height);
      columns = keys.slice(1).flatMap((layer) => columnOf(layer, glide, ratio) ?? []);
      paint();
    },

    show(plan, picture, discretize) {
      sources = sourcesOf(plan, picture, palette(), discretize);
      paint();
    },

    image(key, size) {
      const image = new ImageData(size, size);
      const target = { pixels: new Uint32Array(image.data.buffer), start: 0, stride: size, size };
      paintMap({ key, dot: isDot(size), target }, sources.get(key), palette());
      return image;
    },

    clear() {
      sources = new Map();
      paint();
    },
  };
}

/**
 * Return what each neuron's map shows.
 *
 * @param {Plan} plan
 * @param {Picture} picture
 * @param {Palette} palette
 * @param {boolean} discretize
 * @returns {Map<string, Source>}
 */
function sourcesOf({ keys, experiment }, { maps, mapScales, output }, palette, discretize) {
  /** @type {Map<string, Source>} */
  const sources = new Map();
  const outputs = keys.at(-1) ?? [];
  const { diverging } = palette;
  if (maps) {
    const hidden = keys.slice(1, -1).flatMap((layer, at) => layer.map((key) => ({ key, at })));
    hidden.slice(0, maps.count).forEach(({ key, at }, plane) => {
      const scale = mapScales?.[plane] ?? 1;
      const table = discretize ? thresholded(diverging, scale, experiment.thresholds[at]) : diverging;
      sources.set(key, { field: maps, plane, ofClass: false, table });
    });
  }
  if (output && outputs.length === 1) {
    const steps = experiment.problem === 'binary' ? palette.twoClasses : palette.divergingSteps;
    const table = discretize ? steps : diverging;
    sources.set(outputs[0], { field: output, plane: 0, ofClass: false, table });
  } else if (output) {
    outputs.forEach((key, kind) => {
      const table = palette.confidence(kind, outputs.length);
      sources.set(key, { field: output, plane: kind, ofClass: true, table });
    });
  }
  return sources;
}

/**
 * @param {string[]} keys
 * @param {Glide} glide
 * @param {number} ratio - pixels of the screen to a CSS pixel
 * @returns {Column | null} null where nothing is large enough to be seen
 */
function columnOf(keys, glide, ratio) {
  const boxes = keys.map((key) => {
    const spot = glide.at(key);
    const { left, top, size } = boxOf(spot);
    const [x, y] = [Math.round(left * ratio), Math.round(top * ratio)];
    return { key, x, y, size: Math.round(size * ratio), dot: isDot(spot.size) };
  });
  const left = Math.min(...boxes.map(({ x }) => x));
  const top = Math.min(...boxes.map(({ y }) => y));
  const width = Math.max(...boxes.map(({ x, size }) => x + size)) - left;
  const height = Math.max(...boxes.map(({ y, size }) => y + size)) - top;
  if (!(width > 0 && height > 0)) return null;
  const image = new ImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  const tiles = boxes.map(({ key, x, y, size, dot }) => {
    return { key, dot, target: { pixels, start: (y - top) * width + x - left, stride: width, size } };
  });
  return { image, left, top, tiles };
}

/**
 * @param {Tile} tile
 * @param {Source | undefined} source
 * @param {Palette} palette
 */
function paintTile(tile, source, palette) {
  paintMap(tile, source, palette);
  const { dot, target } = tile;
  roundCorners(target, dot ? target.size / 2 : Math.round(ROUND * target.size));
}

/**
 * @param {Tile} tile
 * @param {Source | undefined} source
 * @param {Palette} palette
 */
function paintMap({ dot, target }, source, palette) {
  if (!source) fill(target, palette.diverging[128]);
  else if (source.ofClass) drawClass(target, source.field, source.plane, source.table);
  else if (dot) fill(target, source.table[meanOf(source)]);
  else {
    const { values, side } = source.field;
    drawSmooth(target, values, source.plane * side * side, side, source.table);
  }
}

/**
 * Show where a class is the likeliest, and how likely.
 *
 * @param {Target} target
 * @param {Layered} output - plane 0 says which class, plane 1 how likely it is
 * @param {number} kind - class number
 * @param {Uint32Array} table - 256 pixels, by confidence
 */
function drawClass(target, { values, side }, kind, table) {
  const confidence = side * side;
  drawNearest(target, side, (at) => (values[at] === kind ? table[values[at + confidence]] : table[0]));
}

/**
 * @param {Target} target
 * @param {number} color - a pixel
 */
function fill({ pixels, start, stride, size }, color) {
  for (let row = 0; row < size; row++) {
    pixels.fill(color, start + row * stride, start + row * stride + size);
  }
}

/**
 * @param {Source} source
 * @returns {number} its mean, 0 to 255
 */
function meanOf({ field: { values, side }, plane }) {
  const size = side * side;
  let sum = 0;
  for (let at = plane * size; at < (plane + 1) * size; at++) sum += values[at];
  return Math.round(sum / size);
}

/**
 * @param {Nodes} nodes
 * @param {PlaneData} data
 * @param {Palette} palette
 */
export function paintInputs(nodes, data, palette) {
  for (const [key, { field, plane, scale }] of inputMapsOf(data)) {
    const context = nodes.get(key)?.context;
    if (context) paintField(context, field, plane, weakened(palette.diverging, scale));
  }
}

/** @type {WeakMap<HTMLElement, string>} */
const tints = new WeakMap();

/**
 * @param {Nodes} nodes
 * @param {Plan} plan
 * @param {Float32Array} weights
 * @param {Palette} palette
 */
export function paintBiases(nodes, { keys, gaps }, weights, palette) {
  gaps.forEach(({ bias: first }, gap) =>
    keys[gap + 1].forEach((key, unit) => {
      const bias = nodes.get(key)?.bias;
      const color = palette.weight(weights[first + unit]);
      // A style that is written again is worked out again, even where it is the same.
      if (!bias || tints.get(bias) === color) return;
      bias.style.backgroundColor = color;
      tints.set(bias, color);
    }),
  );
}
