/**
 * Numbers as people read them.
 */

/**
 * @param {number} value
 * @returns {string} "12,345"
 */
export function whole(value) {
  // Intl.NumberFormat takes 5 ms to make its first number, of the 500 in which the page is to be there.
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/**
 * @param {number} value
 * @param {number} [digits] - significant ones
 * @returns {string} with a true minus sign
 */
export function number(value, digits = 3) {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  const text =
    size !== 0 && (size < 1e-4 || size >= 1e6)
      ? value.toExponential(Math.max(0, digits - 2))
      : String(Number(value.toPrecision(digits)));
  return text.replace('-', '−');
}

/**
 * A value that somebody has chosen, as they would write it.
 *
 * @param {number} value
 * @returns {string} without an exponent down to a millionth
 */
export function chosen(value) {
  return String(Number(value.toPrecision(6))).replaceAll('-', '−');
}

/**
 * A value of fixed width, for figures that change all the time.
 *
 * @param {number} value
 * @param {number} [decimals]
 * @returns {string}
 */
export function fixed(value, decimals = 3) {
  if (!Number.isFinite(value)) return '–';
  if (Math.abs(value) >= 1e5) return number(value);
  const places = Math.abs(value) >= 100 ? 1 : decimals;
  return value.toFixed(places).replace('-', '−');
}

/**
 * @param {number} share - 0 to 1
 * @param {number} [decimals]
 * @returns {string} "97.6%"
 */
export function percent(share, decimals = 1) {
  return Number.isFinite(share) ? `${(share * 100).toFixed(decimals)}%` : '–';
}

/**
 * @param {number} count
 * @param {string} one
 * @param {string} [many]
 * @returns {string} "1 neuron", "2 neurons"
 */
export function counted(count, one, many = `${one}s`) {
  return `${whole(count)} ${count === 1 ? one : many}`;
}
