/**
 * Draws the page: state changes many times between two pictures of the screen, and views draw once for each.
 */
import { extended } from './lib/history.js';
import { createPictureQueue } from './lib/picture-queue.js';
import { createPictureRate } from './lib/picture-rate.js';
import { createReceipts } from './lib/receipts.js';

/** @import {OnPicture, Picture} from './lib/picture.js' */
/** @import {PageState, Store} from './store.js' */
/** @import {View} from './view.js' */

/** Digits that change oftener than this cannot be read, and each change costs a layout. */
const DIGITS_MS = 80;

/**
 * @typedef {Object} Drawing
 * @property {() => void} schedule - have the state drawn with the next picture of the screen
 * @property {(now: number) => void} draw - at once; `now` as of performance.now()
 * @property {OnPicture} add - a picture that has come, for the state of the next drawing
 */

/**
 * @param {Store<PageState>} store
 * @param {{view: View, pictures: boolean}[]} views - `pictures` says of which pixels follow at once, not only numbers
 * @param {(number: number) => void} receipt - the pictures up to this number have been dealt with
 * @param {(perSecond: number) => void} askFor - have so many pictures sent
 * @returns {Drawing}
 */
export function createDrawing(store, views, receipt, askFor) {
  let scheduled = 0;
  /** @type {PageState | null} the state whose numbers are shown */
  let digits = null;
  let digitsAt = 0;
  const receipts = createReceipts(receipt);
  const queue = createPictureQueue();
  const rate = createPictureRate(askFor);
  let late = 0;
  function schedule() {
    scheduled ||= requestAnimationFrame(draw);
  }
  function scheduleLate() {
    late = 0;
    schedule();
  }
  /** @param {number} now */
  function draw(now) {
    takePicture(now);
    scheduled = 0;
    const state = store.get();
    // The first numbers of a network come at once.
    const digitsWait =
      state.run?.playing === true &&
      Boolean(digits?.picture) &&
      now - digitsAt < DIGITS_MS &&
      differInPicture(state, digits);
    if (!digitsWait) [digits, digitsAt] = [state, now];
    try {
      for (const { view, pictures } of views) if (pictures || !digitsWait) view.update(state, !digitsWait);
    } finally {
      // Also of pictures that belong to a network that is gone by now.
      receipts.settle();
    }
    if (!queue.isEmpty()) schedule();
    // No later picture need come.
    if (digitsWait) late ||= window.setTimeout(scheduleLate, DIGITS_MS);
  }
  /** @param {number} now */
  function takePicture(now) {
    const { experiment, history } = store.get();
    /** @param {Picture} picture */
    const isPresent = ({ revision }) => revision === experiment?.revision;
    for (const { number, picture, rows } of queue.take(isPresent)) {
      receipts.came(number);
      rate.drawn(number, now);
      if (picture && isPresent(picture)) store.set({ picture, history: extended(history, rows) });
    }
  }

  return {
    schedule,
    draw,
    add(number, picture, rows) {
      queue.add({ number, picture, rows });
      schedule();
    },
  };
}

/**
 * @param {PageState} state
 * @param {PageState | null} other
 * @returns {boolean} whether they are the same but for the picture and what came with it
 */
function differInPicture({ picture, history, ...state }, other) {
  const names = /** @type {(keyof typeof state)[]} */ (Object.keys(state));
  return names.every((name) => state[name] === other?.[name]);
}
