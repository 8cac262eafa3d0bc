/**
 * Which map belongs to which input: there is one of every feature, fed or not, and of everything else that is fed.
 */
import { inputKey } from './plan.js';

/** @import {Input} from '../protocol.js' */
/** @import {Layered} from './picture.js' */

/** @typedef {{field: Layered, plane: number, scale: number}} InputMap - `scale` is what 255 stands for */

/**
 * @param {{inputMaps: Uint8Array, inputScales: Float32Array}} data
 * @param {string[]} features - names of all features, in the order of the catalogue
 * @param {Input[]} inputs - what the network is fed
 * @returns {Map<string, InputMap>} by the input's key; without those that the data has no map of
 */
export function inputMapsOf({ inputMaps: values, inputScales }, features, inputs) {
  const count = inputScales.length;
  const side = Math.floor(Math.sqrt(values.length / Math.max(1, count)));
  const field = { values, count, side };
  const keys = [
    ...features.map((feature) => inputKey({ feature, label: '' })),
    ...inputs.filter(({ feature }) => !feature).map(inputKey),
  ];
  return new Map(
    keys.slice(0, count).map((key, plane) => [key, { field, plane, scale: inputScales[plane] }]),
  );
}
