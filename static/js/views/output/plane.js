/**
 * Places of the picture, and the points that are drawn there.
 */

/** @import {PlaneData} from '../../store.js' */

/**
 * @typedef {Object} Place
 * @property {number} across - from 0 at the left to 1
 * @property {number} up - from 0 at the bottom to 1
 */

/**
 * @param {Pick<PlaneData, 'domain'>} data
 * @param {Place} place
 * @returns {[number, number]} in the data's units
 */
export function coordinates({ domain: [[left, right], [low, high]] }, { across, up }) {
  return [left + across * (right - left), low + up * (high - low)];
}

/**
 * @param {Pick<PlaneData, 'domain'>} data
 * @param {number} x - in the data's units
 * @param {number} y
 * @returns {Place}
 */
export function placeOf({ domain: [[left, right], [low, high]] }, x, y) {
  return { across: (x - left) / (right - left), up: (y - low) / (high - low) };
}

/**
 * @param {Place} a
 * @param {Place} b
 * @returns {number} as a share of the picture's side
 */
export function distance(a, b) {
  return Math.hypot(a.across - b.across, a.up - b.up);
}

/**
 * @typedef {Object} Sample
 * @property {number} index - its number, by which commands name it
 * @property {Place} place
 * @property {number} target
 * @property {boolean} test - whether it only tests
 */

/**
 * Points placed by hand are always seen, whichever part they fell to: what one has just put somewhere does not vanish.
 *
 * @param {PlaneData} data
 * @param {number} index
 * @param {boolean} showTest
 * @returns {boolean} whether a test point is in the picture
 */
export function testPointIsSeen({ drawnFrom }, index, showTest) {
  return showTest || index >= drawnFrom;
}

/**
 * Return the points in the picture, those to learn from first.
 *
 * @param {PlaneData} data
 * @param {boolean} showTest
 * @returns {Generator<Sample>}
 */
export function* samplesIn(data, showTest) {
  for (const points of [data.train, data.test]) {
    const test = points === data.test;
    for (let at = 0; at < points.count; at++) {
      const index = points.index[at];
      if (test && !testPointIsSeen(data, index, showTest)) continue;
      const place = { across: points.across[at], up: points.up[at] };
      yield { index, place, target: points.target[at], test };
    }
  }
}

/**
 * @param {PlaneData} data
 * @param {Place} place
 * @param {boolean} showTest
 * @param {number} reach - as a share of the picture's side
 * @returns {Sample | null} the nearest point in the picture
 */
export function nearest(data, place, showTest, reach) {
  let found = null;
  let least = reach;
  for (const sample of samplesIn(data, showTest)) {
    const away = distance(sample.place, place);
    if (away <= least) [found, least] = [sample, away];
  }
  return found;
}

/**
 * @param {PlaneData} data
 * @returns {number} what the next point that is placed by hand will be numbered
 */
export function nextIndex({ train, test, drawnFrom }) {
  let next = drawnFrom;
  for (const { index } of [train, test]) for (const used of index) next = Math.max(next, used + 1);
  return next;
}
