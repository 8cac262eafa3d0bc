/**
 * What the network answers at one place of the picture, told at the pointer or the crosshair.
 */
import { html } from '../../lib/element.js';
import { number } from '../../lib/format.js';
import { classMark } from '../../lib/legend.js';
import { placeName, readingFrom, readingOf, shareText, spokenReading } from './words.js';

/** @import {Context} from '../../view.js' */
/** @import {PageState} from '../../store.js' */
/** @import {Palette} from '../../palette.js' */
/** @import {Place} from './plane.js' */
/** @import {Reading} from './words.js' */

/** Between two questions to the server; figures that change faster cannot be read. */
const ASK_MS = 80;

/**
 * @typedef {Object} Readout
 * @property {(place: Place | null) => void} at - where to read from now on; null for nowhere
 * @property {(state: PageState) => void} update
 * @property {() => void} destroy
 */

/**
 * @param {Context} context
 * @param {(sentence: string) => void} announce - called once for each place, when the answer is known
 * @returns {Readout}
 */
export function createReadout({ actions, tooltip, palette }, announce) {
  /** @type {PageState | null} */
  let shown = null;
  /** @type {Place | null} */
  let place = null;
  /** @type {{place: Place, reading: Reading} | null} the newest answer */
  let answered = null;
  let asking = false;
  let stale = false;
  let askedAt = 0;
  let timer = 0;

  /** @returns {boolean} whether the picture answers anything at all */
  const readable = () =>
    Boolean(shown?.experiment && shown.data && shown.picture && !shown.pointedAt && !shown.pointedSpare);

  async function ask() {
    timer = 0;
    if (asking || !place || !readable()) return;
    const wait = ASK_MS - (performance.now() - askedAt);
    if (wait > 0) {
      timer = window.setTimeout(ask, wait);
      return;
    }
    const at = place;
    asking = true;
    stale = false;
    askedAt = performance.now();
    const { reading = [] } = await actions.command({ type: 'ask', across: at.across, up: at.up });
    asking = false;
    const outputs = reading.at(-1);
    if (outputs && place && shown?.data && shown.experiment) {
      const first = answered?.place !== at;
      answered = { place: at, reading: readingOf(outputs, shown.experiment, shown.data) };
      tell();
      if (first && place === at)
        announce(`${placeName(at, shown.data)}: ${spokenReading(answered.reading, shown.data)}`);
    }
    if (place && (place !== at || stale)) void ask();
  }

  function tell() {
    if (!place) return;
    if (!readable() || !shown?.data || !shown.experiment || !shown.picture) {
      tooltip.hide();
      return;
    }
    const { data, experiment, picture } = shown;
    // While the pointer moves, the newest answer is a moment old; to go back to what the picture alone says would flicker.
    const reading = answered?.reading ?? readingFrom(place, experiment, data, picture);
    if (!reading) return;
    const title = placeName(place, data);
    if (data.classes.length === 0)
      tooltip.say(title, `${data.curve ? `${data.target} ` : ''}${number(reading.value, 3)}`);
    else tooltip.say(title, '', bars(reading, data.classes, palette()));
  }

  return {
    at(newPlace) {
      place = newPlace;
      if (!place) {
        answered = null;
        tooltip.hide();
        return;
      }
      tell();
      void ask();
    },
    update(state) {
      const old = shown;
      shown = state;
      if (!place) return;
      if (old?.data !== state.data || old.experiment?.problem !== state.experiment?.problem) answered = null;
      const pointedElsewhere = old?.pointedAt !== state.pointedAt || old?.pointedSpare !== state.pointedSpare;
      if (old?.picture === state.picture && !pointedElsewhere && old?.data === state.data) return;
      if (!answered || pointedElsewhere) tell();
      stale = true;
      if (!timer) void ask();
    },
    destroy() {
      clearTimeout(timer);
      place = null;
    },
  };
}

/**
 * @param {Reading} reading
 * @param {string[]} classes
 * @param {Palette} palette
 * @returns {HTMLElement} a bar for each class, the likeliest on top
 */
function bars({ shares, plain }, classes, palette) {
  return html(
    'div',
    { class: 'reading' },
    ...shares.flatMap(({ kind, share }) => {
      const bar = html('span', { class: 'reading-bar' });
      bar.style.setProperty('--share', String(Math.min(1, Math.max(0, share))));
      return [
        html('span', { class: 'reading-class' }, classMark(kind, palette.classes), classes[kind]),
        bar,
        html('span', { class: 'reading-share' }, shareText(share, plain)),
      ];
    }),
  );
}
