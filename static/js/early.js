/**
 * What need not wait for the rest of the page: the run is opened, and its first picture made, while that still loads.
 */
import { connect } from './connection.js';
import { splitHash } from './lib/link.js';
import { MOST_PER_SECOND } from './lib/picture-rate.js';
import { rememberedRun } from './session.js';

/** What the views draw; panels that are opened add theirs. */
const wanted = new Set(['output', 'maps', 'weights', 'losses', 'mistakes']);
let picturesPerSecond = MOST_PER_SECOND;

const { link } = splitHash(location.hash);

export const connection = connect({ link, token: rememberedRun(link) });

/** Have pictures sent, but none while nobody looks. */
function watch() {
  const measurements = document.hidden ? [] : [...wanted];
  connection.watch({ measurements, pictures_per_second: picturesPerSecond });
}

/**
 * Have a measurement sent with each picture from now on, or not.
 *
 * @param {string} measurement
 * @param {boolean} yes
 */
export function want(measurement, yes) {
  if (wanted.has(measurement) === yes) return;
  if (yes) wanted.add(measurement);
  else wanted.delete(measurement);
  watch();
}

/**
 * Have so many pictures sent from now on.
 *
 * @param {number} perSecond
 */
export function askFor(perSecond) {
  picturesPerSecond = perSecond;
  watch();
}

document.addEventListener('visibilitychange', watch);
watch();
