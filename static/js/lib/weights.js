/**
 * Where each weight lies in the one array that carries them all.
 */

/** @import {WeightPlace} from '../store.js' */

/**
 * @typedef {Object} Gap - the connections between two neighbouring layers
 * @property {number} kernel - index of the first weight; from input i to unit j it is kernel + i * units + j
 * @property {number} bias - index of the first bias
 * @property {number} fanIn
 * @property {number} units
 */

/**
 * @param {number[]} layers - units of each layer, inputs first
 * @returns {Gap[]} one for each layer but the inputs
 */
export function gapsOf(layers) {
  let at = 0;
  return layers.slice(1).map((units, index) => {
    const fanIn = layers[index];
    const gap = { kernel: at, bias: at + fanIn * units, fanIn, units };
    at += fanIn * units + units;
    return gap;
  });
}

/**
 * @typedef {Object} Edge
 * @property {number} gap
 * @property {number} from
 * @property {number} to
 * @property {number} weight - its index among the weights
 */

/**
 * Return the edges to draw: all, or the strongest where there are too many to tell apart.
 *
 * @param {Gap[]} gaps
 * @param {Float32Array | null} weights - null while they are not known
 * @param {number} most
 * @returns {Edge[]}
 */
export function edgesToDraw(gaps, weights, most) {
  /** @type {Edge[]} */
  const edges = [];
  gaps.forEach(({ kernel, fanIn, units }, gap) => {
    for (let from = 0; from < fanIn; from++) {
      for (let to = 0; to < units; to++) edges.push({ gap, from, to, weight: kernel + from * units + to });
    }
  });
  if (edges.length <= most) return edges;
  if (!weights) return [];
  // Each gap gets its share, or the widest pair of layers would leave the others without any.
  const share = Math.max(1, Math.floor(most / gaps.length));
  const strength = (/** @type {Edge} */ edge) => Math.abs(weights[edge.weight]);
  return gaps.flatMap((_, gap) =>
    edges
      .filter((edge) => edge.gap === gap)
      .sort((a, b) => strength(b) - strength(a))
      .slice(0, share),
  );
}

/**
 * Return where a weight or a bias lies among all of them.
 *
 * @param {Gap[]} gaps
 * @param {WeightPlace} place
 * @returns {number} -1 where the network has no such weight
 */
export function weightIndex(gaps, { layer, row, unit }) {
  const gap = gaps[layer - 1];
  if (!gap || unit >= gap.units || (row ?? 0) >= gap.fanIn) return -1;
  return row === null ? gap.bias + unit : gap.kernel + row * gap.units + unit;
}

/**
 * Return how much of a layer is kept from being trained.
 *
 * @param {Gap[]} gaps
 * @param {Uint8Array} frozen - 1 for each weight that is; empty if none is
 * @param {number} layer - 1 for the first behind the inputs
 * @returns {'none' | 'some' | 'all'}
 */
export function frozenPart(gaps, frozen, layer) {
  const { kernel, bias, units } = gaps[layer - 1];
  const mine = frozen.subarray(kernel, bias + units);
  if (!mine.includes(1)) return 'none';
  return mine.includes(0) ? 'some' : 'all';
}
