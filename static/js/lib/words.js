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
 * @property {Record<string, string | string[]>} texts - by their English; forms for counts are a list
 */

/** @typedef {[text: string, values: Record<string, unknown>]} Told - a text as a message has it */

/** @type {Words} */
const words = JSON.parse(globalThis.document?.querySelector('#words')?.textContent || 'null') ?? {
  language: 'en',
  decimal: '.',
  group: ',',
  plurals: `01${'1'.repeat(198)}`,
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
  const found = words.texts[text];
  return filled(typeof found === 'string' && found ? found : text, values);
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
  const forms = words.texts[one];
  const known = Array.isArray(forms) && forms.every(Boolean) ? forms : [one, many];
  const count = Math.abs(Math.round(n));
  const form = Number(words.plurals[count < 200 ? count : 100 + (count % 100)]);
  return filled(known[Number.isInteger(n) ? form : known.length - 1], { n, ...values });
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
