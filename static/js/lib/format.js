/**
 * Numbers as people read and write them, with the marks of the page's language.
 */
import { decimal, group, t } from './words.js';

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** With commas between thousands, as "1,000" or "-12,345.6". */
const GROUPED = /^[+-]?[1-9]\d{0,2}(,\d{3})+(?!\d)/;

/**
 * @param {number} value
 * @returns {string} "12,345"
 */
export function whole(value) {
  // Intl.NumberFormat takes 5 ms to make its first number, of the 500 in which the page is to be there.
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, group);
}

/**
 * @param {number} value
 * @param {number} [digits] - significant ones
 * @returns {string} with a true minus sign
 */
export function number(value, digits = 3) {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  return marked(
    size !== 0 && (size < 1e-4 || size >= 1e6)
      ? value.toExponential(Math.max(0, digits - 2))
      : String(Number(value.toPrecision(digits))),
  );
}

/**
 * A value that somebody has chosen, as they would write it.
 *
 * @param {number} value
 * @returns {string} without an exponent down to a millionth
 */
export function chosen(value) {
  return marked(String(Number(value.toPrecision(6))));
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
  return marked(value.toFixed(places));
}

/**
 * @param {number} share - 0 to 1
 * @param {number} [decimals]
 * @returns {string} "97.6%"
 */
export function percent(share, decimals = 1) {
  return Number.isFinite(share) ? t('{number}%', { number: marked((share * 100).toFixed(decimals)) }) : '–';
}

/**
 * Read a number as somebody has typed it: with a point before the fraction, or with the comma of many languages.
 *
 * @param {string} text
 * @returns {number} NaN if it is none
 */
export function typed(text) {
  const bare = text.trim().replaceAll('−', '-');
  const grouped = decimal === '.' && GROUPED.test(bare);
  const plain = grouped ? bare.replaceAll(',', '') : bare.replace(',', '.');
  return NUMBER.test(plain) ? Number(plain) : NaN;
}

/**
 * Write a number as people type it, to stand in a field.
 *
 * @param {number} value
 * @returns {string}
 */
export function typable(value) {
  return String(value).replace('.', decimal);
}

/**
 * @param {string} text - of a number, as JavaScript writes it
 * @returns {string}
 */
function marked(text) {
  return text.replace('.', decimal).replaceAll('-', '−');
}
