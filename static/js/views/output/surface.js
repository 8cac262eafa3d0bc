/**
 * The picture itself: what the network answers over the plane, or the map of one neuron.
 */
import { context2d, fitToScreen, paintClass, paintField, paintPixels, weakened } from '../../lib/canvas.js';
import { classBorders } from '../../lib/contour.js';
import { html } from '../../lib/element.js';
import { inputMapsOf } from '../../lib/input-maps.js';
import { inputKey, neuronName } from '../../lib/plan.js';

/** @import {Palette} from '../../palette.js' */
/** @import {PageState} from '../../store.js' */
/** @import {Layered} from '../../lib/picture.js' */

/**
 * @typedef {Object} PointedMap
 * @property {Layered} field
 * @property {number} plane - of one of several classes: its number
 * @property {boolean} [ofClass] - whether the field says which class is likeliest, and how likely
 * @property {number} scale - what 255 stands for, if that is little
 * @property {string} title
 */

/**
 * Return the map of the neuron at the pointer, unless that is the output itself.
 *
 * @param {PageState} state
 * @param {string[]} features - names of all features, in the order of the catalogue
 * @returns {PointedMap | null}
 */
export function pointedMap({ pointedAt, experiment, picture, data }, features) {
  if (!pointedAt || !experiment || !data) return null;
  const { layers, inputs } = experiment;
  const { layer, unit } = pointedAt;
  if (layer === 0) {
    const input = inputs[unit];
    const map = input && inputMapsOf(data, features, inputs).get(inputKey(input));
    return map ? { ...map, title: `Input ${input.label}` } : null;
  }
  if (layer === layers.length - 1 && experiment.problem === 'multiclass' && picture?.output) {
    const title = neuronName(pointedAt, experiment, data.classes);
    return { field: picture.output, plane: unit, ofClass: true, scale: 1, title };
  }
  if (layer >= layers.length - 1 || unit >= layers[layer] || !picture?.maps) return null;
  const plane = layers.slice(1, layer).reduce((sum, units) => sum + units, unit);
  const title = `Layer ${layer}, neuron ${unit + 1}`;
  return plane < picture.maps.count ? { field: picture.maps, plane, scale: 1, title } : null;
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
  // One pixel for each value; the screen's pixels are made of them.
  const small = context2d(html('canvas', { width: 1, height: 1 }));

  return ({ picture, experiment, discretize }, map, size) => {
    if (!size) return;
    const ratio = fitToScreen(surface, size, size);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, size, size);
    if (!picture || !experiment) return;
    const { output } = picture;
    if (map?.ofClass) paintClass(small, map.field, map.plane, palette().confidence(map.plane));
    else if (map) paintField(small, map.field, map.plane, weakened(palette().diverging, map.scale));
    else if (output) paintOutput(small, output, experiment.problem, discretize, palette());
    else return;
    context.imageSmoothingEnabled = !discretize || Boolean(map);
    context.imageSmoothingQuality = 'high';
    context.drawImage(small.canvas, 0, 0, size, size);
    if (!map && output && experiment.problem !== 'regression') {
      strokeLines(context, classBorders(output, experiment.problem === 'binary'), size, palette().ink);
    }
  };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Layered} output
 * @param {string} problem
 * @param {boolean} inSteps
 * @param {Palette} palette
 */
function paintOutput(context, output, problem, inSteps, palette) {
  if (problem === 'binary') {
    paintField(context, output, 0, inSteps ? palette.twoClasses : palette.diverging);
    return;
  }
  if (problem === 'regression') {
    paintField(context, output, 0, inSteps ? palette.divergingSteps : palette.diverging);
    return;
  }
  const { values, side } = output;
  const tables = palette.classes.map((_, kind) => palette.confidence(kind));
  paintPixels(context, side, (pixels) => {
    for (let at = 0; at < pixels.length; at++) {
      const kind = values[at] % tables.length;
      pixels[at] = inSteps ? palette.classPixels[kind] : tables[kind][values[at + pixels.length]];
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
