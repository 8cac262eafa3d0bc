/**
 * The curve of a run: one column per quantity, as the chart wants them.
 */
import { floatsOf } from './bytes.js';

/** @import {HistoryRow} from '../protocol.js' */

/**
 * @typedef {Object} History - each column as long as there are rows
 * @property {number[]} epoch
 * @property {number[]} training - loss
 * @property {number[]} test - loss
 * @property {number[]} trainingAccuracy - or R²
 * @property {number[]} testAccuracy - or R²
 * @property {number[]} trainingError - mean absolute error; NaN for classes
 * @property {number[]} testError
 */

/** @type {(keyof History)[]} in the order in which rows have them */
export const COLUMNS = [
  'epoch',
  'training',
  'test',
  'trainingAccuracy',
  'testAccuracy',
  'trainingError',
  'testError',
];

/** @type {HistoryRow['length']} */
const WIDTH = 7;

/** @returns {History} */
export function emptyHistory() {
  return {
    epoch: [],
    training: [],
    test: [],
    trainingAccuracy: [],
    testAccuracy: [],
    trainingError: [],
    testError: [],
  };
}

/**
 * Return `history` with more rows; rows of epochs that it already has are left out. The columns go on to the new one:
 * to copy them with every picture would cost more the longer the run is.
 *
 * @param {History} history
 * @param {ArrayBuffer | Uint8Array | null | undefined} rows - float32, row by row
 * @returns {History} the same object if there is nothing new
 */
export function extended(history, rows) {
  const values = floatsOf(rows);
  let last = history.epoch.at(-1) ?? -1;
  let longer = history;
  for (let at = 0; at + WIDTH <= values.length; at += WIDTH) {
    if (values[at] <= last) continue;
    if (longer === history) {
      longer = { ...history };
    }
    last = values[at];
    for (let column = 0; column < WIDTH; column++) longer[COLUMNS[column]].push(values[at + column]);
  }
  return longer;
}
