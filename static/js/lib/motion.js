/**
 * Positions that glide to where they should be.
 */

/**
 * @typedef {Object} Spot
 * @property {number} x
 * @property {number} y
 * @property {number} size
 */

const DURATION_MS = 150;

/**
 * @typedef {Object} Glide
 * @property {(targets: Map<string, Spot>, now: number) => void} to - new places; what was not there appears in place
 * @property {(now: number) => boolean} advance - move on; returns whether anything is still moving
 * @property {(key: string) => Spot} at - the present place
 */

/**
 * @param {() => boolean} still - whether motion is unwanted
 * @returns {Glide}
 */
export function createGlide(still) {
  /** @type {Map<string, Spot>} */
  let from = new Map();
  /** @type {Map<string, Spot>} */
  let target = new Map();
  /** @type {Map<string, Spot>} */
  let present = new Map();
  let start = -Infinity;

  return {
    to(targets, now) {
      from = present;
      target = targets;
      start = from.size === 0 || still() ? -Infinity : now;
      this.advance(now);
    },
    advance(now) {
      const share = Math.min(1, (now - start) / DURATION_MS);
      const eased = 1 - (1 - share) ** 3;
      present = new Map();
      for (const [key, { x, y, size }] of target) {
        const old = from.get(key) ?? { x, y, size: 0 };
        present.set(key, {
          x: old.x + (x - old.x) * eased,
          y: old.y + (y - old.y) * eased,
          size: old.size + (size - old.size) * eased,
        });
      }
      return share < 1;
    },
    at: (key) => present.get(key) ?? { x: 0, y: 0, size: 0 },
  };
}
