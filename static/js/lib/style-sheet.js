/**
 * Style sheets of what is fetched only when it is first wanted.
 */
import { html } from './element.js';

/** @type {Map<string, Promise<void>>} */
const fetched = new Map();

/**
 * Have a style sheet in force.
 *
 * @param {string} name - of a file in static/css, without its ending
 * @returns {Promise<void>} settles when it is, or cannot be fetched: plain, but of use
 */
export function styleSheet(name) {
  const known = fetched.get(name);
  if (known) return known;
  const link = html('link', {
    rel: 'stylesheet',
    href: new URL(`../../css/${name}.css`, import.meta.url).href,
  });
  /** @type {Promise<void>} */
  const loaded = new Promise((resolve) => {
    link.addEventListener('load', () => resolve());
    link.addEventListener('error', () => resolve());
  });
  fetched.set(name, loaded);
  document.head.append(link);
  return loaded;
}
