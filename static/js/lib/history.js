/**
 * The curve of a run: one column per quantity, as the chart wants them.
 */
import { floatsOf } from './bytes.js';

/** @import {HistoryRow} from '../protocol.js' */

/** @typedef {{epoch: number[], training: number[], test: number[]}} History - losses by epoch */

/** @type {HistoryRow['length']} */
const COLUMNS = 7;

/** @returns {History} */
export function emptyHistory() {
  return { epoch: [], training: [], test: [] };
}

/**
 * Return `history` with more rows; rows of epochs that it already has are left out.
 *
 * @param {History} history
 * @param {ArrayBuffer | Uint8Array | null | undefined} rows - float32, row by row
 * @returns {History} the same object if there is nothing new
 */
export function extended(history, rows) {
  const values = floatsOf(rows);
  let last = history.epoch.at(-1) ?? -1;
  let longer = history;
  for (let at = 0; at + COLUMNS <= values.length; at += COLUMNS) {
    if (values[at] <= last) continue;
    if (longer === history) {
      longer = { epoch: [...history.epoch], training: [...history.training], test: [...history.test] };
    }
    last = values[at];
    longer.epoch.push(values[at]);
    longer.training.push(values[at + 1]);
    longer.test.push(values[at + 2]);
  }
  return longer;
}
