/**
 * The run that this tab takes part in, so that a reload finds it again.
 */

const KEY = 'playground run';

/**
 * Return the key of this tab's run, if the address still describes it.
 *
 * @param {string} link
 * @returns {string | null}
 */
export function rememberedRun(link) {
  try {
    const { token, link: remembered } = JSON.parse(sessionStorage.getItem(KEY) ?? '{}');
    return typeof token === 'string' && remembered === link ? token : null;
  } catch {
    return null; // no storage here, or not ours: a new run is always right
  }
}

/**
 * @param {string} token
 * @param {string} link
 */
export function rememberRun(token, link) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ token, link }));
  } catch {
    // Without storage a reload begins anew, which the page survives.
  }
}
