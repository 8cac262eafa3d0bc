/**
 * Pictures that have come and wait to be drawn: one for each time that the screen is drawn, so that two which come
 * close together are both seen. The server sends no more than a few before it hears of one, so none waits long.
 */

/** @import {Picture} from './picture.js' */

/**
 * @typedef {Object} Waiting
 * @property {number} number - of the frame
 * @property {Picture | null} picture - null if the frame could not be unpacked
 * @property {Uint8Array} rows - of the history
 */

/**
 * @typedef {Object} PictureQueue
 * @property {(came: Waiting) => void} add
 * @property {(isWanted: (picture: Picture) => boolean) => Waiting[]} take - up to the first that is wanted; empty if
 *   nothing waits
 * @property {() => boolean} isEmpty
 */

/** @returns {PictureQueue} */
export function createPictureQueue() {
  /** @type {Waiting[]} */
  const waiting = [];
  return {
    add: (came) => void waiting.push(came),
    take(isWanted) {
      const wanted = waiting.findIndex(({ picture }) => picture !== null && isWanted(picture));
      return waiting.splice(0, wanted < 0 ? waiting.length : wanted + 1);
    },
    isEmpty: () => waiting.length === 0,
  };
}
