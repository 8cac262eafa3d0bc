/**
 * What each node shows: its map over the plane, and its bias.
 */
import { paintClass, paintField, paintPixels, thresholded, weakened } from '../../lib/canvas.js';
import { inputMapsOf } from '../../lib/input-maps.js';

/** @import {Palette} from '../../palette.js' */
/** @import {PlaneData} from '../../store.js' */
/** @import {Layered, Picture} from '../../lib/picture.js' */
/** @import {Plan} from '../../lib/plan.js' */
/** @import {Nodes} from './nodes.js' */

/**
 * @param {Nodes} nodes
 * @param {PlaneData} data
 * @param {Palette} palette
 */
export function paintInputs(nodes, data, palette) {
  for (const [key, { field, plane, scale }] of inputMapsOf(data)) {
    const node = nodes.get(key);
    if (node) paintField(node.context, field, plane, weakened(palette.diverging, scale));
  }
}

/**
 * @param {Nodes} nodes
 * @param {Plan} plan
 * @param {Picture} picture
 * @param {Palette} palette
 * @param {boolean} discretize - whether a neuron is only on or off
 */
export function paintNeurons(nodes, { keys, gaps, experiment }, picture, palette, discretize) {
  const { maps, mapScales, output, weights } = picture;
  const hidden = keys.slice(1, -1).flatMap((layer, at) => layer.map((key) => ({ key, at })));
  if (maps) {
    hidden.slice(0, maps.count).forEach(({ key, at }, plane) => {
      const node = nodes.get(key);
      if (!node) return;
      const paint = node.element.hasAttribute('data-dot') ? paintDot : paintField;
      const scale = mapScales?.[plane] ?? 1;
      const table = discretize
        ? thresholded(palette.diverging, scale, experiment.thresholds[at])
        : palette.diverging;
      paint(node.context, maps, plane, table);
    });
  }
  const outputs = (keys.at(-1) ?? []).map(nodes.get);
  if (output && outputs.length === 1) {
    const steps = experiment.problem === 'binary' ? palette.twoClasses : palette.divergingSteps;
    if (outputs[0]) paintField(outputs[0].context, output, 0, discretize ? steps : palette.diverging);
  } else if (output) {
    outputs.forEach(
      (node, kind) =>
        node && paintClass(node.context, output, kind, palette.confidence(kind, outputs.length)),
    );
  }
  if (weights) {
    gaps.forEach(({ bias: first }, gap) =>
      keys[gap + 1].forEach((key, unit) => {
        const bias = nodes.get(key)?.bias;
        if (bias) bias.style.backgroundColor = palette.weight(weights[first + unit]);
      }),
    );
  }
}

/**
 * @param {Nodes} nodes
 * @param {Plan} plan
 */
export function clearNeurons(nodes, { keys }) {
  for (const key of keys.slice(1).flat()) {
    const context = nodes.get(key)?.context;
    context?.clearRect(0, 0, context.canvas.width, context.canvas.height);
  }
}

/**
 * Paint a neuron that is too small for a map in the colour of its mean.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Layered} field
 * @param {number} plane
 * @param {Uint32Array} table
 */
function paintDot(context, { values, side }, plane, table) {
  const size = side * side;
  let sum = 0;
  for (let at = plane * size; at < (plane + 1) * size; at++) sum += values[at];
  paintPixels(context, 1, (pixels) => {
    pixels[0] = table[Math.round(sum / size)];
  });
}
