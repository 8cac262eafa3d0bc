/**
 * Two notes for who is here for the first time; each is gone for good once its advice has been taken.
 */
import { html, svg } from '../../lib/element.js';
import { t } from '../../lib/words.js';

/** @import {Column, Room} from '../../lib/layout.js' */
/** @import {PageState} from '../../store.js' */

const KEY = 'playground hints taken';

const NOTES = {
  neuron: t('This is what one neuron answers; point at it to see it large.'),
  line: t('Lines are weights: thick is strong. Click one to change it.'),
};

/** Pixels that a note needs above or below the last hidden layer, and across. */
const HEIGHT = 74;
const WIDTH = 150;

/** @typedef {keyof typeof NOTES} Hint */

/**
 * @typedef {Object} Hints
 * @property {(columns: Column[], room: Room) => void} place - where there is room, if there is
 * @property {(state: PageState) => void} update - takes away what has been done
 */

/**
 * @param {HTMLElement} root
 * @returns {Hints}
 */
export function createHints(root) {
  const taken = remembered();
  /** @type {Map<Hint, HTMLElement>} */
  const notes = new Map();

  for (const hint of /** @type {Hint[]} */ (Object.keys(NOTES))) {
    if (taken.has(hint)) continue;
    const arrow = svg('svg', { class: 'hint-arrow', viewBox: '0 0 20 22', 'aria-hidden': 'true' });
    arrow.append(svg('path', { d: 'M12 21C4 16 5 9 10 2M5 6L10 2L14 7' }));
    const note = html('p', { class: 'hint', 'data-hint': hint, hidden: true }, html('span', {}, NOTES[hint]));
    note.prepend(arrow);
    notes.set(hint, note);
    root.append(note);
  }

  /** @param {Hint} hint */
  function take(hint) {
    if (!notes.has(hint)) return;
    notes.get(hint)?.remove();
    notes.delete(hint);
    taken.add(hint);
    try {
      localStorage.setItem(KEY, [...taken].join());
    } catch {
      // Then it is gone for this visit.
    }
  }

  return {
    place(columns, room) {
      const last = columns[columns.length - 2];
      const output = columns[columns.length - 1];
      const wide = columns.length > 2 && output.y.length === 1 && output.x - last.x >= WIDTH * 0.7;
      const lowest = last.y[last.y.length - 1] + last.size / 2;
      const highest = last.y[0] - last.size / 2;
      const middle = (last.x + output.x) / 2;
      put(notes.get('neuron'), wide && room.height - lowest >= HEIGHT, last.x, lowest + 6);
      put(notes.get('line'), wide && highest - room.top >= HEIGHT * 0.8, middle, highest - HEIGHT * 0.4);
    },
    update({ pointedAt, selected }) {
      if (pointedAt && pointedAt.layer > 0) take('neuron');
      if (selected) take('line');
    },
  };
}

/**
 * @param {HTMLElement | undefined} note
 * @param {boolean} fits
 * @param {number} x - of its arrow
 * @param {number} y
 */
function put(note, fits, x, y) {
  if (!note) return;
  note.hidden = !fits;
  note.style.transform = `translate(${x.toFixed(0)}px, ${y.toFixed(0)}px)`;
}

/** @returns {Set<string>} */
function remembered() {
  try {
    return new Set((localStorage.getItem(KEY) ?? '').split(',').filter(Boolean));
  } catch {
    return new Set(); // no storage here: told again at each visit
  }
}
