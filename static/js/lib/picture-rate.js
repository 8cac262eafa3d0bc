/**
 * How many pictures to ask for: as many as can be drawn, because making those that nobody sees is time taken from the
 * training.
 */

/** More than a screen commonly shows would be in vain. */
export const MOST_PER_SECOND = 60;

const LEAST_PER_SECOND = 10;

/** How long it is watched before another rate is asked for. */
const WATCH_MS = 1000;

/**
 * @typedef {Object} PictureRate
 * @property {(number: number, now: number) => void} drawn - a picture with this number, at a time in milliseconds
 */

/**
 * Return what follows how many pictures are made, by their numbers, and how many of them are drawn.
 *
 * @param {(perSecond: number) => void} ask - for another rate
 * @returns {PictureRate}
 */
export function createPictureRate(ask) {
  let asked = MOST_PER_SECOND;
  let since = { number: 0, now: -Infinity };
  let drawn = 0;
  return {
    drawn(number, now) {
      drawn += 1;
      const elapsed = now - since.now;
      if (elapsed < WATCH_MS) return;
      // After a rest the numbers tell nothing of how fast they came.
      const rate = elapsed < 2 * WATCH_MS ? betterRate(asked, number - since.number, drawn) : asked;
      since = { number, now };
      drawn = 0;
      if (rate !== asked) ask((asked = rate));
    },
  };
}

/**
 * @param {number} asked - pictures a second
 * @param {number} made - within a second
 * @param {number} drawn - of these
 * @returns {number} pictures a second
 */
export function betterRate(asked, made, drawn) {
  const rate = drawn < 0.85 * made ? drawn * 1.05 : drawn > 0.97 * made ? asked * 1.15 : asked;
  return Math.round(Math.min(MOST_PER_SECOND, Math.max(LEAST_PER_SECOND, rate)));
}
