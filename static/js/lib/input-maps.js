/**
 * Which map belongs to which input: there is one of everything that can be fed, fed or not.
 */
import { inputKey } from './plan.js';

/** @import {PlaneData} from '../store.js' */
/** @import {Layered} from './picture.js' */

/** @typedef {{field: Layered, plane: number, scale: number}} InputMap - `scale` is what 255 stands for */

/**
 * @param {Pick<PlaneData, 'inputMaps' | 'inputScales' | 'inputSide' | 'offered'>} data
 * @returns {Map<string, InputMap>} by the input's key
 */
export function inputMapsOf({ inputMaps: values, inputScales, inputSide: side, offered }) {
  const field = { values, count: offered.length, side };
  return new Map(
    offered.map((input, plane) => [inputKey(input), { field, plane, scale: inputScales[plane] }]),
  );
}
