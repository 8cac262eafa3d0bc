/**
 * What need not wait for the rest of the page: the run is opened, and its first picture made, while that still loads.
 */
import { connect } from './connection.js';
import { splitHash } from './lib/link.js';
import { rememberedRun } from './session.js';

/** What the views draw. */
const WATCHED = ['output', 'maps', 'weights', 'losses'];
const PICTURES_PER_SECOND = 30;

const { link } = splitHash(location.hash);

export const connection = connect({ link, token: rememberedRun(link) });

/** Have pictures sent, but none while nobody looks. */
function watch() {
  const measurements = document.hidden ? [] : WATCHED;
  connection.watch({ measurements, pictures_per_second: PICTURES_PER_SECOND });
}
document.addEventListener('visibilitychange', watch);
watch();
