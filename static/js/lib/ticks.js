/**
 * Round numbers along an axis.
 */

/**
 * Return about `count` round numbers from `low` to `high`.
 *
 * @param {number} low
 * @param {number} high
 * @param {number} [count]
 * @returns {number[]}
 */
export function ticks(low, high, count = 5) {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const found = [];
  for (let at = Math.ceil(low / step - 1e-9); at * step <= high + step * 1e-9; at++) {
    found.push(Number((at * step).toPrecision(12)) + 0); // + 0 turns -0 into 0
  }
  return found;
}

/**
 * Return the powers of ten from `low` to `high`, for a logarithmic axis.
 *
 * @param {number} low - more than 0
 * @param {number} high
 * @returns {number[]}
 */
export function decades(low, high) {
  const found = [];
  for (let power = Math.ceil(Math.log10(low) - 1e-9); 10 ** power <= high * (1 + 1e-9); power++) {
    found.push(Number(`1e${power}`));
  }
  return found;
}
