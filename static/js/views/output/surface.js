/**
 * The picture itself: what the network answers over the plane, or the map of one neuron.
 */
import {
  context2d,
  fitToScreen,
  paintClass,
  paintField,
  paintPixels,
  thresholded,
  weakened,
} from '../../lib/canvas.js';
import { classBorders } from '../../lib/contour.js';
import { html } from '../../lib/element.js';
import { inputMapsOf } from '../../lib/input-maps.js';
import { inputKey, neuronName } from '../../lib/plan.js';
import { drawSmooth } from '../../lib/resample.js';
import { t } from '../../lib/words.js';

/** @import {Palette} from '../../palette.js' */
/** @import {PageState} from '../../store.js' */
/** @import {Layered, Picture} from '../../lib/picture.js' */

/**
 * @typedef {Object} PointedMap
 * @property {Layered} field
 * @property {number} plane - of one of several classes: its number
 * @property {boolean} [ofClass] - whether the field says which class is likeliest, and how likely
 * @property {number} scale - what 255 stands for
 * @property {number | null} threshold - the answer above which the neuron counts as on; an input has none
 * @property {string} title
 */

/**
 * Return the map of the neuron at the pointer, unless that is the output itself.
 *
 * @param {PageState} state
 * @returns {PointedMap | null}
 */
export function pointedMap({ pointedAt, pointedSpare, experiment, picture, data }) {
  if (!experiment || !data) return null;
  const { layers, inputs } = experiment;
  const input = pointedAt?.layer === 0 ? inputs[pointedAt.unit] : pointedSpare;
  if (input) {
    const map = inputMapsOf(data).get(inputKey(input));
    return map ? { ...map, threshold: null, title: t('Input {label}', { label: input.label }) } : null;
  }
  if (!pointedAt) return null;
  const { layer, unit } = pointedAt;
  if (layer === layers.length - 1 && experiment.problem === 'multiclass' && picture?.output) {
    const title = neuronName(pointedAt, experiment, data.classes);
    return { field: picture.output, plane: unit, ofClass: true, scale: 1, threshold: null, title };
  }
  if (layer >= layers.length - 1 || unit >= layers[layer] || !picture?.maps) return null;
  const plane = layers.slice(1, layer).reduce((sum, units) => sum + units, unit);
  const title = t('Layer {layer}, neuron {unit}', { layer, unit: unit + 1 });
  if (plane >= picture.maps.count) return null;
  const scale = picture.mapScales?.[plane] ?? 1;
  return { field: picture.maps, plane, scale, threshold: experiment.thresholds[layer - 1] ?? null, title };
}

/**
 * Return a function that draws the picture.
 *
 * @param {HTMLCanvasElement} surface
 * @param {() => Palette} palette
 * @returns {(state: PageState, map: PointedMap | null, size: number) => void} - `map` is to be drawn instead of the
 *   output, `size` is in CSS pixels
 */
export function createSurface(surface, palette) {
  const context = context2d(surface);
  // Of several classes there is one pixel for each value; the screen's pixels are made of them.
  const small = context2d(html('canvas', { width: 1, height: 1 }));
  let image = new ImageData(1, 1);

  /** @param {{field: Layered, plane: number, table: Uint32Array}} shown */
  function drawValues({ field: { values, side }, plane, table }) {
    const size = surface.width;
    if (image.width !== size) image = new ImageData(size, size);
    const target = { pixels: new Uint32Array(image.data.buffer), start: 0, stride: size, size };
    drawSmooth(target, values, plane * side * side, side, table);
    context.putImageData(image, 0, 0);
  }

  return (state, map, size) => {
    const { picture, experiment, discretize } = state;
    if (!size) return;
    const ratio = fitToScreen(surface, size, size);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const shown = valuesShown(state, map, palette());
    if (shown) {
      drawValues(shown);
    } else {
      context.clearRect(0, 0, size, size);
      if (!paintPicture(small, state, map, palette())) return;
      context.imageSmoothingEnabled = !discretize;
      context.drawImage(small.canvas, 0, 0, size, size);
    }
    const output = outputPlanes(picture);
    if (!map && output && experiment && experiment.problem !== 'regression') {
      strokeLines(context, classBorders(output, experiment.problem === 'binary'), size, palette().ink);
    }
  };
}

/**
 * Paint one pixel for each value.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {PageState} state
 * @param {PointedMap | null} map - to be painted instead of the output
 * @param {Palette} palette
 * @returns {boolean} whether there was anything to paint
 */
export function paintPicture(context, state, map, palette) {
  const shown = valuesShown(state, map, palette);
  const { picture, experiment, discretize } = state;
  const classes = experiment?.layers.at(-1) ?? 1;
  const output = outputPlanes(picture);
  if (shown) paintField(context, shown.field, shown.plane, shown.table);
  else if (map) paintClass(context, map.field, map.plane, palette.confidence(map.plane, classes));
  else if (output) paintClasses(context, output, classes, discretize, palette);
  else return false;
  return true;
}

/**
 * Return what the output answers over the plane; null where it is drawn as a curve instead.
 *
 * @param {Picture | null} picture
 */
function outputPlanes(picture) {
  return picture && !picture.curve ? picture.output : null;
}

/**
 * Return the values that the picture shows, and their colours; null if it shows classes, or nothing.
 *
 * @param {PageState} state
 * @param {PointedMap | null} map - to be shown instead of the output
 * @param {Palette} palette
 * @returns {{field: Layered, plane: number, table: Uint32Array} | null}
 */
function valuesShown({ picture, experiment, discretize }, map, { diverging, divergingSteps, twoClasses }) {
  if (map) {
    const { field, plane, scale, threshold, ofClass } = map;
    if (ofClass) return null;
    if (threshold === null) return { field, plane, table: weakened(diverging, scale) };
    return { field, plane, table: discretize ? thresholded(diverging, scale, threshold) : diverging };
  }
  const field = outputPlanes(picture);
  if (!field || experiment?.problem === 'multiclass') return null;
  const steps = experiment?.problem === 'binary' ? twoClasses : divergingSteps;
  return { field, plane: 0, table: discretize ? steps : diverging };
}

/**
 * Return the fitted curve of data with one input.
 *
 * @param {PageState} state
 * @returns {number[][]} x and y from 0 to 1, rightwards and downwards
 */
export function curvePoints({ picture, data }) {
  const { curve } = picture ?? {};
  if (!curve || !data) return [];
  const [, [low, high]] = data.domain;
  // Far outside of the picture is as good as farther: canvases err with huge numbers.
  return Array.from(curve, (value, at) => [
    (at + 0.5) / curve.length,
    Math.min(9, Math.max(-9, 1 - (value - low) / (high - low))),
  ]);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number[][]} points
 * @param {number} size - CSS pixels
 * @param {Palette} palette
 */
export function strokeCurve(context, points, size, { accent }) {
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x * size, y * size);
  context.lineJoin = 'round';
  context.lineWidth = 3;
  context.strokeStyle = accent;
  context.stroke();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Layered} output - plane 0 says which class, plane 1 how likely it is
 * @param {number} count - of classes
 * @param {boolean} inSteps
 * @param {Palette} palette
 */
function paintClasses(context, { values, side }, count, inSteps, { classes, classPixels, confidence }) {
  const tables = classes.map((_, kind) => confidence(kind, count));
  paintPixels(context, side, (pixels) => {
    for (let at = 0; at < pixels.length; at++) {
      const kind = values[at] % tables.length;
      pixels[at] = inSteps ? classPixels[kind] : tables[kind][values[at + pixels.length]];
    }
  });
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number[]} lines - x0, y0, x1, y1 of each, from 0 to 1
 * @param {number} size - CSS pixels
 * @param {string} color
 */
function strokeLines(context, lines, size, color) {
  context.beginPath();
  for (let at = 0; at < lines.length; at += 4) {
    context.moveTo(lines[at] * size, lines[at + 1] * size);
    context.lineTo(lines[at + 2] * size, lines[at + 3] * size);
  }
  context.lineCap = 'round';
  context.strokeStyle = color;
  context.globalAlpha = 0.55;
  context.lineWidth = 1.25;
  context.stroke();
  context.globalAlpha = 1;
}
