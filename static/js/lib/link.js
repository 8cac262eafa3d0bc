/**
 * The URL's hash: the experiment's settings, which the server reads and writes, then the page's own.
 */
import { t } from './words.js';

/**
 * @typedef {Object} PageSettings - what the page itself shows by choice
 * @property {boolean} showTest
 * @property {boolean} discretize
 * @property {boolean} markWrong
 * @property {boolean} logScale
 * @property {boolean} embed - whether it is part of another page
 * @property {string} hide - names of controls, with commas between them
 */

/** @typedef {Omit<PageSettings, 'hide'>} Switches */

/** @type {Record<string, keyof Switches>} */
const SWITCHES = {
  show_test: 'showTest',
  discretize: 'discretize',
  mark_wrong: 'markWrong',
  log_scale: 'logScale',
  embed: 'embed',
};

/** Read, but never written: the viewer's taste, which links don't carry. */
const TASTES = ['theme', 'lang'];

/** @type {PageSettings} */
const DEFAULTS = {
  showTest: false,
  discretize: false,
  markWrong: false,
  logScale: false,
  embed: false,
  hide: '',
};

/** Characters of a link that are looked at; the server takes no longer message. */
const MOST_CHARACTERS = 48_000;

/** Of what was not understood, so much is repeated. */
const MOST_REPEATED = 40;

/**
 * @typedef {Object} Hash
 * @property {string} link - the experiment's part, as it was
 * @property {PageSettings} page
 * @property {string} theme - or ""
 * @property {string} lang - or ""
 * @property {string[]} unclear - a sentence for each thing that was not understood
 */

/**
 * Part a hash into the experiment's link and the page's own settings.
 *
 * @param {string} hash - with or without "#"
 * @returns {Hash}
 */
export function splitHash(hash) {
  /** @type {string[]} */
  const link = [];
  /** @type {string[]} */
  const own = [];
  /** @type {string[]} */
  const unclear = [];
  /** @type {Record<string, string>} */
  const tastes = {};
  for (const pair of shortened(hash.replace(/^#/, ''), unclear).split('&')) {
    const [key, value] = parted(pair);
    if (key === 'hide' || Object.hasOwn(SWITCHES, key)) own.push(pair);
    else if (TASTES.includes(key)) tastes[key] = value;
    else if (pair) link.push(pair);
  }
  const page = { ...DEFAULTS, ...readPage(own.join('&'), unclear) };
  return { link: link.join('&'), page, theme: tastes.theme ?? '', lang: tastes.lang ?? '', unclear };
}

/**
 * Return what is said of the page itself.
 *
 * @param {string} keys - of the page's own, as in a link
 * @param {string[]} unclear - a sentence is added for each thing that was not understood
 * @returns {Partial<PageSettings>}
 */
export function readPage(keys, unclear) {
  /** @type {Partial<PageSettings>} */
  const page = {};
  for (const pair of keys.split('&')) {
    const [key, value] = parted(pair);
    if (key === 'hide') page.hide = decoded(value);
    else if (Object.hasOwn(SWITCHES, key)) {
      page[SWITCHES[key]] = value === 'true';
      if (value === 'true' || value === 'false') continue;
      const got = repeated(decoded(value));
      unclear.push(t('{key} must be true or false, got “{got}”. It is ignored.', { key, got }));
    }
  }
  return page;
}

/**
 * Return the hash, without "#", of an experiment's link and the page's own settings; what has its default is left out.
 *
 * @param {string} link
 * @param {PageSettings} page
 * @returns {string}
 */
export function joinHash(link, page) {
  const switches = Object.entries(SWITCHES).map(([key, name]) => page[name] && `${key}=true`);
  const hide = page.hide && `hide=${page.hide.split(',').map(encodeURIComponent).join(',')}`;
  return [link, ...switches, hide].filter(Boolean).join('&');
}

/**
 * Return as much of a text that somebody else wrote as a sentence can repeat.
 *
 * @param {string} text
 */
export function repeated(text) {
  return text.length > MOST_REPEATED ? `${text.slice(0, MOST_REPEATED)}…` : text;
}

/**
 * @param {string} hash
 * @param {string[]} unclear
 * @returns {string}
 */
function shortened(hash, unclear) {
  if (hash.length <= MOST_CHARACTERS) return hash;
  unclear.push(
    t('The link has {length} characters; what does not fit into the first {most} is ignored.', {
      length: hash.length,
      most: MOST_CHARACTERS,
    }),
  );
  return hash.slice(0, Math.max(0, hash.lastIndexOf('&', MOST_CHARACTERS)));
}

/**
 * @param {string} pair
 * @returns {[key: string, value: string]}
 */
function parted(pair) {
  const [key, ...value] = pair.split('=');
  return [key, value.join('=')];
}

/**
 * @param {string} value - percent-encoded, or nearly
 * @returns {string}
 */
function decoded(value) {
  try {
    return decodeURIComponent(value);
  } catch {
    return value; // it is shown as it came
  }
}
