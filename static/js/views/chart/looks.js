/**
 * How compared curves look: each has its own colour and its own dashes, so that either is enough to tell them apart.
 */

/** Lengths in CSS pixels, line and gap in turns; the present run's curves are whole. */
const DASHES = [
  [7, 3],
  [2, 2.5],
  [11, 3, 2, 3],
  [4, 4],
  [14, 4],
  [6, 2, 2, 2, 2, 2],
  [1, 4],
  [9, 2, 4, 2],
];

/** Which of the classes' colours, so that neighbours differ most. */
const COLORS = [0, 2, 1, 3, 6, 5, 8, 4];

/**
 * @param {number} slot - from 0
 * @param {string[]} colors - of the classes
 * @returns {{color: string, dashes: number[]}}
 */
export function lookOf(slot, colors) {
  return {
    color: colors[COLORS[slot % COLORS.length] % colors.length],
    dashes: DASHES[slot % DASHES.length],
  };
}
