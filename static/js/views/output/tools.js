/**
 * Points placed, moved and erased by hand: the buttons for it, and what a press on the picture does.
 */
import { html, setText, svg } from '../../lib/element.js';
import { t } from '../../lib/words.js';
import { coordinates, distance, nearest, nextIndex, samplesIn } from './plane.js';

/** @import {Command} from '../../protocol.js' */
/** @import {Context} from '../../view.js' */
/** @import {PageState, PlaneData} from '../../store.js' */
/** @import {Hint} from './marks.js' */
/** @import {Place} from './plane.js' */

/** @typedef {PageState['tool']} Tool */

/** @type {{tool: Tool, label: string, title: string, icon: string}[]} */
const TOOLS = [
  {
    tool: 'look',
    label: t('Look'),
    title: t('Look: point at the picture to read what is answered there'),
    icon: 'M6 4l12.500 8-5.600 1.200L10 18.600z',
  },
  {
    tool: 'add',
    label: t('Add'),
    title: t('Add: click to place a point, drag to paint'),
    icon: 'M12 5v14M5 12h14',
  },
  {
    tool: 'move',
    label: t('Move'),
    title: t('Move: drag a point to another place'),
    icon: 'M12 3v18M3 12h18M9 6l3-3 3 3M9 18l3 3 3-3M6 9l-3 3 3 3M18 9l3 3-3 3',
  },
  {
    tool: 'erase',
    label: t('Erase'),
    title: t('Erase: click or drag over points to take them away'),
    icon: 'M9 19l-5-5L14 4l6 6-9 9zM9 9l6 6M9 19h11',
  },
];
const UNDO = 'M8 5L4 9l4 4M4 9h9a5.500 5.500 0 0 1 0 11h-3';

/** Shares of the picture's side: how far apart painted points are, how far an eraser reaches, and a hand. */
const SPACING = 0.035;
const ERASER = 0.035;
const HAND = 0.06;

/** Between two messages of one stroke. */
const BATCH_MS = 50;

/** The data that an answer speaks of come with it or just after; if none come, nothing has changed. */
const LATE_MS = 500;

/**
 * @typedef {Object} PointTools
 * @property {(state: PageState) => void} update
 * @property {(place: Place) => void} press
 * @property {(place: Place) => void} drag - after a press, until the release
 * @property {() => void} release
 * @property {() => boolean} pressed
 * @property {() => void} undo
 * @property {(place: Place) => Hint | null} hint - what a press there would do
 * @property {(index: number, place: Place) => boolean} hides - whether a point of the data is gone or elsewhere by now
 * @property {() => [x: number, y: number, target: number][]} added - points that the data do not hold yet
 * @property {() => void} destroy
 */

/**
 * @param {HTMLElement} root - for the buttons
 * @param {HTMLElement} error - for the sentence that says why points were refused, or a change because of them
 * @param {Context} context
 * @param {() => void} redraw - called when what is drawn has changed without the state
 * @returns {PointTools}
 */
export function createPointTools(root, error, { actions }, redraw) {
  /** @type {PageState | null} */
  let shown = null;
  let stroke = Math.floor(Math.random() * 1e9); // another than those of the page before a reload
  /** @type {Place | null} where the button or finger is down */
  let down = null;
  /** @type {[number, number, number][]} painted, but not sent */
  let fresh = [];
  /** @type {[number, number, number][]} sent, but not yet in the data */
  let sent = [];
  /** @type {Place[]} rubbed over, but not sent */
  let rubbed = [];
  /** @type {Place[]} sent, but the points are still in the data */
  let rubbing = [];
  /** @type {{from: number, index: number, target: number, place: Place, moved: boolean} | null} the point in hand */
  let held = null;
  /** @type {{data: PageState['data'], answered: boolean} | null} the command that is under way */
  let underWay = null;
  /** How often something is still to be taken back. */
  let undos = 0;
  let timer = 0;

  const inputs = TOOLS.map(({ tool, label, title, icon }) => {
    const input = html('input', {
      type: 'radio',
      name: 'output-tool',
      class: 'tool-input',
      'aria-label': label,
    });
    input.addEventListener('change', () => actions.show({ tool }));
    const picture = svg(
      'svg',
      { viewBox: '0 0 24 24', 'aria-hidden': 'true' },
      svg('path', { class: 'icon-line', d: icon }),
    );
    return {
      tool,
      input,
      element: html('label', { class: 'icon-button tool', title }, input, picture),
    };
  });
  const undoButton = html(
    'button',
    {
      type: 'button',
      class: 'icon-button',
      'aria-label': t('Undo'),
      title: t('Undo: take back the last change of points (Ctrl+Z)'),
    },
    svg('svg', { viewBox: '0 0 24 24', 'aria-hidden': 'true' }, svg('path', { class: 'icon-line', d: UNDO })),
  );
  undoButton.addEventListener('click', undo);
  root.append(
    html(
      'div',
      { class: 'tools-choice', role: 'radiogroup', 'aria-label': t('Points by hand') },
      ...inputs.map(({ element }) => element),
    ),
    undoButton,
  );

  /** @param {Command['command']} command */
  async function send(command) {
    const own = { data: shown?.data ?? null, answered: false };
    underWay = own;
    const { refusal } = await actions.command(command);
    if (refusal) {
      forget();
      return;
    }
    own.answered = true;
    settle();
    setTimeout(() => {
      if (underWay !== own) return;
      own.data = null;
      settle();
    }, LATE_MS);
  }

  /** Let go of what was sent as soon as it is both answered and in the data, whichever comes first. */
  function settle() {
    if (!underWay?.answered || shown?.data === underWay.data) return;
    underWay = null;
    sent = [];
    rubbing = [];
    if (!down && held && !held.moved) held = null;
    redraw();
    later();
  }

  function forget() {
    [underWay, held, sent, fresh, rubbing, rubbed, undos] = [null, null, [], [], [], [], 0];
    redraw();
  }

  /** Send what there is, a little later: a stroke is a few messages, not one for each point. */
  function later() {
    timer ||= window.setTimeout(flush, BATCH_MS);
  }

  function flush() {
    timer = 0;
    const data = shown?.data;
    if (underWay || !data || !shown) return;
    if (fresh.length > 0) {
      [sent, fresh] = [fresh, []];
      void send({ type: 'add_points', points: sent, stroke });
    } else if (rubbed.length > 0) {
      const places = rubbed;
      rubbed = [];
      const indices = [...samplesIn(data, shown.showTest)]
        .filter(({ place }) => isNear(place, places))
        .map(({ index }) => index);
      if (indices.length === 0) {
        later();
        return;
      }
      rubbing = places;
      void send({ type: 'erase_points', indices, stroke });
    } else if (held?.moved) {
      const [x, y] = pointAt(data, held.place, held.target);
      const { index } = held;
      held.moved = false;
      // One of the data set becomes one's own as soon as it is moved, with a number of its own.
      if (index < data.drawnFrom) held.index = nextIndex(data);
      void send({ type: 'move_point', index, x, y, stroke });
    } else if (undos > 0 && shown.run?.undoable) {
      undos -= 1;
      stroke += 1;
      void send({ type: 'undo_points' });
    } else {
      undos = 0;
    }
  }

  function undo() {
    undos += 1; // after what is still on its way
    if (!timer) flush();
  }
  root.closest('section')?.addEventListener('keydown', (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'z' || event.shiftKey) return;
    if (event.target instanceof HTMLInputElement && event.target.matches('[type=number], [type=text]'))
      return;
    event.preventDefault();
    undo();
  });

  /** @param {Place} place */
  function put(place) {
    if (!shown?.data) return;
    fresh.push(pointAt(shown.data, place, shown.brush));
    redraw();
    later();
  }

  /** @param {Place} place */
  function rub(place) {
    rubbed.push(place);
    redraw();
    later();
  }

  return {
    update(state) {
      shown = state;
      root.hidden = !state.data?.editable;
      for (const { tool, input } of inputs) input.checked = tool === state.tool;
      undoButton.disabled = !state.run?.undoable;
      const sentence = state.refusals.own_points ?? state.refusals.erased ?? '';
      setText(error, sentence);
      error.hidden = !sentence;
      settle();
    },
    press(place) {
      const { data, tool, showTest = false } = shown ?? {};
      if (!data?.editable || tool === 'look') return;
      stroke += 1;
      down = place;
      if (tool === 'add') put(place);
      else if (tool === 'erase') rub(place);
      else {
        const found = nearest(data, place, showTest, HAND);
        if (!found) down = null;
        else {
          const { index, target, place } = found;
          held = { from: index, index, target, place, moved: false };
        }
        redraw();
      }
    },
    drag(place) {
      if (!down || !shown) return;
      if (shown.tool === 'add') {
        const away = distance(down, place);
        if (away < SPACING) return;
        const { across, up } = down;
        // However fast the hand is, the line has no gaps.
        for (let step = 1; step * SPACING <= away; step++) {
          const share = (step * SPACING) / away;
          down = { across: across + (place.across - across) * share, up: up + (place.up - up) * share };
          put(down);
        }
      } else if (shown.tool === 'erase') {
        down = place;
        rub(place);
      } else if (held) {
        held.place = place;
        held.moved = true;
        redraw();
        later();
      }
    },
    release() {
      down = null;
      if (held && !held.moved && !underWay) held = null;
      redraw();
    },
    pressed: () => down !== null,
    undo,
    hint(place) {
      const { data, tool, brush = 0, showTest = false } = shown ?? {};
      if (!data?.editable || !tool || tool === 'look') return null;
      if (tool !== 'move') return { tool, place, value: brush, reach: ERASER };
      const near = held ?? nearest(data, place, showTest, HAND);
      if (!near) return null;
      return { tool, place: near.place, value: 0, reach: HAND };
    },
    hides(index, place) {
      if (held && (index === held.index || index === held.from)) return true;
      return isNear(place, rubbed) || isNear(place, rubbing);
    },
    added() {
      /** @type {[number, number, number][]} */
      const own = [...sent, ...fresh];
      if (held && shown?.data) own.push(pointAt(shown.data, held.place, held.target));
      return own;
    },
    destroy() {
      clearTimeout(timer);
    },
  };
}

/**
 * @param {Place} place
 * @param {Place[]} places
 * @returns {boolean} whether an eraser at one of these reaches it
 */
function isNear(place, places) {
  return places.some((other) => distance(place, other) <= ERASER);
}

/**
 * @param {PlaneData} data
 * @param {Place} place
 * @param {number} target - class or value
 * @returns {[x: number, y: number, target: number]} a point there; with one input a class has a height of its own
 */
function pointAt(data, place, target) {
  const [x, y] = coordinates(data, place);
  return [x, data.curve && data.classes.length > 0 ? target : y, target];
}
