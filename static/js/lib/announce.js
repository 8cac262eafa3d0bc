/**
 * What training does, in sentences for those who hear the page: few of them, and each when there is time to listen.
 */
import { number, whole } from './format.js';
import { t, tn } from './words.js';

/** @import {PageState} from '../store.js' */

/** While it trains, between two sentences. */
const EVERY_MS = 10_000;

/** What is done by hand, step after step, is told when the hand rests. */
const SETTLED_MS = 600;

/** A loss that has changed by a smaller share than this since the last sentence has hardly changed. */
const CHANGE = 0.02;

/**
 * @typedef {Object} Remark
 * @property {string} sentence - to be said now, or ""
 * @property {number} wait - ask again after so many ms even if nothing changes; 0 for no need
 */

/** @type {Remark} */
const NOTHING = { sentence: '', wait: 0 };

/**
 * @returns {(state: PageState, now: number) => Remark} to be asked with every state; `now` is in ms
 */
export function createNarrator() {
  let playing = false;
  let step = 0;
  let saidAt = 0;
  /** @type {number | null} the loss that was told last, of this training */
  let toldLoss = null;
  /** @type {{since: number, paused: boolean} | null} what is to be told once it has settled */
  let pending = null;

  return (state, now) => {
    const { run, picture, data } = state;
    if (!run || !picture?.losses || !data) return NOTHING;
    const [wasPlaying, oldStep] = [playing, step];
    [playing, step] = [run.playing, run.step];
    if (playing) {
      pending = null;
      if (!wasPlaying) {
        [saidAt, toldLoss] = [now, lossOf(state)];
        return { sentence: t('Training goes on from epoch {epoch}.', { epoch: whole(run.epoch) }), wait: 0 };
      }
      if (now - saidAt < EVERY_MS) return NOTHING;
      const sentence = standing(state, toldLoss);
      [saidAt, toldLoss] = [now, lossOf(state)];
      return { sentence, wait: 0 };
    }
    if (wasPlaying) pending = { since: now, paused: !run.stopped };
    else if (step !== oldStep) pending = { since: now, paused: false };
    if (!pending) return NOTHING;
    const wait = SETTLED_MS - (now - pending.since);
    if (wait > 0) return { sentence: '', wait };
    const { paused } = pending;
    pending = null;
    const sentence = standing(state, null);
    return { sentence: paused ? t('Paused. {standing}', { standing: sentence }) : sentence, wait: 0 };
  };
}

/**
 * @param {PageState} state
 * @returns {number} on the test points where there are any
 */
function lossOf({ picture, data }) {
  return picture?.losses?.[data?.test.count ? 1 : 0] ?? NaN;
}

/**
 * @param {PageState} state
 * @param {number | null} before - the loss to compare with
 * @returns {string} how far it is and how well it does
 */
function standing(state, before) {
  const { run, picture, data, experiment } = state;
  const points = data?.test.count ?? 0;
  const epoch = Math.max(picture?.epoch ?? 0, run?.playing ? 0 : (run?.epoch ?? 0));
  const sentences = [t('Epoch {epoch}.', { epoch: whole(epoch) })];
  const loss = lossOf(state);
  if (Number.isFinite(loss)) sentences.push(lossSentence(loss, before, points > 0));
  const score = picture?.losses?.[3] ?? NaN;
  if (points > 0 && Number.isFinite(score)) {
    if (experiment?.problem === 'regression') {
      sentences.push(t('R² {value} on the test points.', { value: number(score, 3) }));
    } else {
      const wrong = whole((1 - score) * points);
      sentences.push(
        tn('{wrong} of {n} test point wrong.', '{wrong} of {n} test points wrong.', points, { wrong }),
      );
    }
  }
  return sentences.join(' ');
}

/**
 * @param {number} value
 * @param {number | null} before
 * @param {boolean} onTest
 */
function lossSentence(value, before, onTest) {
  const loss = number(value, 2);
  if (before === null || !Number.isFinite(before)) {
    return onTest ? t('Test loss {loss}.', { loss }) : t('Training loss {loss}.', { loss });
  }
  const change = value / before - 1;
  if (change < -CHANGE) {
    return onTest ? t('Test loss {loss}, falling.', { loss }) : t('Training loss {loss}, falling.', { loss });
  }
  if (change > CHANGE) {
    return onTest ? t('Test loss {loss}, rising.', { loss }) : t('Training loss {loss}, rising.', { loss });
  }
  return onTest
    ? t('Test loss {loss}, hardly changing.', { loss })
    : t('Training loss {loss}, hardly changing.', { loss });
}
