/**
 * The URL's hash: the experiment's settings, which the server reads and writes, then the page's own.
 */

/** @typedef {{showTest: boolean, discretize: boolean, theme: string}} PageSettings */

const KEYS = new Set(['show_test', 'discretize', 'theme']);

/**
 * Part a hash into the experiment's link, left as it is, and the page's own settings.
 *
 * @param {string} hash - with or without "#"
 * @returns {{link: string, page: PageSettings}}
 */
export function splitHash(hash) {
  /** @type {string[]} */
  const link = [];
  /** @type {Map<string, string>} */
  const own = new Map();
  for (const pair of hash.replace(/^#/, '').split('&')) {
    const [key, value = ''] = pair.split('=', 2);
    if (KEYS.has(key)) own.set(key, value);
    else if (pair) link.push(pair);
  }
  return {
    link: link.join('&'),
    page: {
      showTest: own.get('show_test') === 'true',
      discretize: own.get('discretize') === 'true',
      theme: own.get('theme') ?? '',
    },
  };
}

/**
 * Return the hash, without "#", of an experiment's link and the page's own settings; what has its default is left
 * out. The theme is the viewer's taste, so links don't carry it.
 *
 * @param {string} link
 * @param {Pick<PageSettings, 'showTest' | 'discretize'>} page
 * @returns {string}
 */
export function joinHash(link, page) {
  const own = [page.showTest && 'show_test=true', page.discretize && 'discretize=true'];
  return [link, ...own].filter(Boolean).join('&');
}
