/**
 * What the page says, in its language. English stands where it is said, and is what a translation is found by; the
 * server puts the words of another language into the page (playground/server/languages.py), none for English.
 */

/**
 * @typedef {Object} Words
 * @property {string} language - its tag, such as "de"
 * @property {string} decimal - the mark between whole number and fraction
 * @property {string} group - the mark between thousands
 * @property {string} plurals - which form of a word each count from 0 to 199 asks for, a digit each
 * @property {Record<string, string | string[]>} texts - by their English; where a count decides, its forms by the
 *   English for one and by that for others
 */

/** @typedef {[text: string, values: Record<string, unknown>]} Told - a text as a message has it */

/** @type {Words} */
const words = JSON.parse(globalThis.document?.querySelector('#words')?.textContent || 'null') ?? {
  language: 'en',
  decimal: '.',
  group: ',',
  plurals: `10${'1'.repeat(198)}`,
  texts: {},
};

export const { language, decimal, group } = words;

/**
 * Say a text in the page's language.
 *
 * @param {string} text - English, as it stands in the source; a literal, so that tools find it
 * @param {Record<string, unknown>} [values] - what stands for each name in braces; numbers as `String` writes them are
 *   written as the language does
 * @returns {string}
 */
export function t(text, values = {}) {
  return filled(translated(text, values.n) || text, values);
}

/**
 * Say a text that depends on a count.
 *
 * @param {string} one - English for one
 * @param {string} many - for all other counts
 * @param {number} n - put in for {n}
 * @param {Record<string, unknown>} [values]
 * @returns {string}
 */
export function tn(one, many, n, values = {}) {
  return t(n === 1 ? one : many, { n, ...values });
}

/**
 * @param {string} text
 * @param {unknown} n - the count that decides, if one does
 * @returns {string | undefined}
 */
function translated(text, n) {
  const found = words.texts[text];
  if (!Array.isArray(found)) return found;
  if (!Number.isInteger(n)) return found.at(-1);
  const count = Math.abs(Number(n));
  return found[Number(words.plurals[count < 200 ? count : 100 + (count % 100)])];
}

/**
 * @param {string} text
 * @param {Record<string, unknown>} values
 */
function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (name, key) => (key in values ? valueOf(values[key]) : name));
}

/** @param {unknown} value */
function valueOf(value) {
  if (typeof value === 'number') return marked(value);
  return isTold(value) ? t(...value) : String(value);
}

/**
 * @param {number} value
 * @returns {string} with the language's marks
 */
function marked(value) {
  const [size, exponent = ''] = String(value).split('e');
  const [whole, fraction] = size.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, group);
  return `${grouped}${fraction ? decimal + fraction : ''}${exponent && `e${exponent}`}`.replaceAll('-', '−');
}

/**
 * @param {unknown} value
 * @returns {value is Told}
 */
function isTold(value) {
  if (!Array.isArray(value) || value.length !== 2 || typeof value[0] !== 'string') return false;
  return Object.prototype.toString.call(value[1]) === '[object Object]';
}

/**
 * Return a message with the page's words in place of each text, protocol.Told, that it holds.
 *
 * @template T
 * @param {T} message
 * @returns {T} the message that protocol.d.ts describes
 */
export function said(message) {
  if (isTold(message)) {
    const [text, values] = /** @type {Told} */ (message);
    return /** @type {T} */ (t(text, values));
  }
  if (Array.isArray(message)) return /** @type {T} */ (message.map(said));
  if (Object.prototype.toString.call(message) !== '[object Object]') return message;
  return /** @type {T} */ (
    Object.fromEntries(
      Object.entries(/** @type {object} */ (message)).map(([key, value]) => [key, said(value)]),
    )
  );
}
