/**
 * Telling the server that its pictures have been dealt with, without which it soon sends no more.
 */

/**
 * @typedef {Object} Receipts
 * @property {(number: number) => void} came - a picture is here, whether it will be drawn, superseded or dropped
 * @property {() => void} settle - all that came has been dealt with
 */

/**
 * Return what keeps account of the pictures that came. One receipt covers every number up to it.
 *
 * @param {(number: number) => void} send - a receipt
 * @returns {Receipts}
 */
export function createReceipts(send) {
  /** @type {number | null} */
  let due = null;
  return {
    came(number) {
      due = number;
    },
    settle() {
      if (due === null) return;
      send(due);
      due = null;
    },
  };
}
