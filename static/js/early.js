/**
 * What need not wait for the rest of the page: the run is opened, and its first picture made, while that still loads.
 */
import { connect } from './connection.js';
import { splitHash } from './lib/link.js';
import { MOST_PER_SECOND } from './lib/picture-rate.js';
import { rememberedRun } from './session.js';

/** For how many each measurement is made: what the views always draw; panels that are opened add theirs. */
const wanted = new Map(['output', 'maps', 'weights', 'losses', 'mistakes'].map((name) => [name, 1]));
let picturesPerSecond = MOST_PER_SECOND;

const { link } = splitHash(location.hash);

export const connection = connect({ link, token: rememberedRun(link) });

/** Have pictures sent, but none while nobody looks. */
function watch() {
  const names = [...wanted.keys()].filter((name) => wanted.get(name));
  const measurements = document.hidden ? [] : names;
  connection.watch({ measurements, pictures_per_second: picturesPerSecond });
}

/**
 * Have a measurement sent with each picture from now on, or no longer; it is sent while anybody wants it.
 *
 * @param {string} measurement
 * @param {boolean} yes
 */
export function want(measurement, yes) {
  const before = wanted.get(measurement) ?? 0;
  const now = before + (yes ? 1 : -1);
  wanted.set(measurement, now);
  if (before === 0 || now === 0) watch();
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
