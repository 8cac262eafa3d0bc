/**
 * The history of a run as a table that any program reads.
 */
import { COLUMNS } from './history.js';

/** @import {History} from './history.js' */

/**
 * @param {History} history
 * @param {boolean} regression - whether the accuracies are R²
 * @returns {string} comma-separated, a line of names first; what is not known is left empty
 */
export function historyCsv(history, regression) {
  const names = ['epoch'];
  for (const what of ['loss', regression ? 'r2' : 'accuracy', 'mean_absolute_error']) {
    names.push(`training_${what}`, `test_${what}`);
  }
  const lines = history.epoch.map((_, row) => COLUMNS.map((name) => exact(history[name][row])).join());
  return [names.join(), ...lines, ''].join('\r\n');
}

/**
 * Nine digits tell every float32 from its neighbours.
 *
 * @param {number} value
 */
function exact(value) {
  return Number.isFinite(value) ? String(Number(value.toPrecision(9))) : '';
}
