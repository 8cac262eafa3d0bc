/**
 * Starts everything: state from the server into the store, the store into the views, wishes back to the server.
 */
import { createChoices } from './catalogue.js';
import { createDrawing } from './drawing.js';
import { askFor, connection, want } from './early.js';
import { createAddress } from './lib/address.js';
import { bytesOf, floatsOf } from './lib/bytes.js';
import { part } from './lib/element.js';
import { emptyHistory, extended } from './lib/history.js';
import { joinHash, readPage, repeated, splitHash } from './lib/link.js';
import { fitToPaper } from './lib/paper.js';
import { pointsOf } from './lib/points.js';
import { createTooltip } from './lib/tooltip.js';
import { createWishes } from './lib/wishes.js';
import { language, t } from './lib/words.js';
import { readPalette } from './palette.js';
import { rememberRun } from './session.js';
import { createStore } from './store.js';
import { onPrint, onThemeChange, setTheme } from './theme.js';
import * as announcements from './views/announcements.js';
import * as chart from './views/chart.js';
import * as data from './views/data.js';
import * as help from './views/help.js';
import * as keyboard from './views/keyboard.js';
import * as messages from './views/messages.js';
import * as metrics from './views/metrics.js';
import * as network from './views/network.js';
import * as output from './views/output.js';
import * as page from './views/page.js';
import * as runs from './views/runs.js';
import * as settings from './views/settings.js';
import * as transport from './views/transport.js';

/** @import {Data, Refusal, Update} from './protocol.js' */
/** @import {Actions, Context, View} from './view.js' */
/** @import {PageState, PlaneData, Store} from './store.js' */

/** Views that show a picture's pixels; the others show its numbers. */
const PICTURES = new Set(['.network', '.output']);

/** Of the controls that a link hides and that there are not, so many are named. */
const MOST_NAMED = 5;

const VIEWS = [
  { selector: '.bar', mount: transport.mount },
  { selector: '.page-tools', mount: page.mount },
  { selector: '.runs-button', mount: runs.mount },
  { selector: '.messages', mount: messages.mount },
  { selector: '.data', mount: data.mount },
  { selector: '.network', mount: network.mount },
  { selector: '.settings', mount: settings.mount },
  { selector: '.output', mount: output.mount },
  { selector: '.metrics', mount: metrics.mount },
  { selector: '.chart', mount: chart.mount },
  { selector: '.announcements', mount: announcements.mount },
  { selector: 'body', mount: keyboard.mount },
  { selector: 'body', mount: help.mount },
];

start();

function start() {
  const catalogue = JSON.parse(part(document, '#catalogue', HTMLScriptElement).textContent ?? '');
  const choices = createChoices(catalogue);
  const asked = splitHash(location.hash);
  if (asked.theme) setTheme(asked.theme);
  speak(asked.lang);

  /** @type {PageState} */
  const initial = {
    connection: 'connecting',
    refused: '',
    experiment: null,
    data: null,
    run: null,
    picture: null,
    history: emptyHistory(),
    marks: [],
    compared: [],
    refusals: {},
    notes: notesOf(asked.unclear),
    ...asked.page,
    pointedAt: null,
    pointedSpare: null,
    selected: null,
    tool: 'look',
    brush: 0,
    paletteVersion: 0,
  };
  const store = createStore(initial);
  /** @type {string | null} */
  let token = null;

  const address = createAddress(window);
  let opening = true; // until the first that is heard of the run, the address is not ours
  let loading = 0; // links on their way to the server
  let remembered = '';
  const wishes = createWishes();

  /**
   * Write what is on the page into the address, and the run into this tab's memory.
   *
   * @param {'write' | 'correct'} [how] - whether the page has changed, or it is what the address was meant to say
   */
  function remember(how = 'write') {
    const page = store.get();
    if (!page.experiment || opening || loading) return;
    const hash = joinHash(page.experiment.link, page);
    if (how === 'write' && remembered === `${token} ${hash}`) return;
    remembered = `${token} ${hash}`;
    address[how](hash);
    if (token) rememberRun(token, page.experiment.link);
  }

  /** @type {Actions} */
  const actions = {
    async command(command) {
      const answer = await connection.command(command);
      if (command.type === 'ask') return answer; // looking at something is no reason for a sentence to go
      const { refusal, notes } = answer;
      if (refusal) store.set({ refusals: { [refusal.field]: refusal.message } });
      // What goes well after a refusal shows that the refusal has been read.
      else if (Object.keys(store.get().refusals).length > 0) store.set({ refusals: {} });
      if (notes?.length) store.set({ notes });
      return answer;
    },
    async change(changes) {
      const answered = wishes.ask(changes);
      const answer = await actions.command({ type: 'change', changes });
      answered(!answer.refusal);
      return answer;
    },
    latest: (name) => wishes.latest(name, store.get().experiment?.config[name]),
    show: (patch) => store.set(patch),
    want,
  };

  let palette = readPalette(document.body);
  /** @type {Context} */
  const context = {
    choices,
    actions,
    palette: () => palette,
    token: () => token,
    tooltip: createTooltip(document.body, '.hint span'),
    drawings: {},
  };
  const views = VIEWS.map(({ selector, mount }) => {
    /** @type {View} */
    const view = mount(part(document, selector, HTMLElement), context);
    return { view, pictures: PICTURES.has(selector) };
  });

  const drawing = createDrawing(store, views, connection.receipt, askFor);
  store.subscribe(() => {
    remember();
    drawing.schedule();
  });
  drawing.schedule();

  function recolor() {
    palette = readPalette(document.body);
    store.set({ paletteVersion: store.get().paletteVersion + 1 });
  }
  onThemeChange(recolor);
  onPrint(() => {
    recolor();
    drawing.draw(performance.now());
    fitToPaper(document.body);
  });

  connection.listen({
    onOpened(answer) {
      const { notes, experiment } = store.get();
      const lost = token && answer.token !== token ? (experiment?.link_lacks ?? '') : '';
      token = answer.token ?? token;
      const told = [...notes, ...(answer.notes ?? []), ...notesOf([lost])];
      store.set({ connection: 'open', refused: '', notes: told, ...readPage(answer.page ?? '', []) });
    },
    onClosed(status, why) {
      opening = true;
      store.set({ connection: status, refused: why });
    },
    onUpdate(update) {
      takeUpdate(store, update);
      if (!opening) return;
      opening = false;
      remember('correct');
      void checkHidden();
    },
    onPicture: drawing.add,
  });

  window.addEventListener('hashchange', async () => {
    const { link, page: own, theme, lang, unclear } = splitHash(location.hash);
    if (theme) setTheme(theme);
    speak(lang);
    const { experiment, embed } = store.get();
    const isPresent = !loading && link === experiment?.link;
    loading += 1;
    const answer = isPresent ? null : await connection.command({ type: 'load', link });
    const { refusal, notes = [], page = '' } = answer ?? {};
    // It is the link that was refused, so the sentence stands at the top, whichever setting it is about.
    if (refusal) store.set({ refusals: { '': refusal.message } });
    else {
      const told = [...notesOf(unclear), ...notes];
      store.set({ refusals: {}, notes: told, ...own, ...readPage(page, []) });
      await checkHidden();
    }
    loading -= 1;
    remember('correct');
    if (store.get().embed !== embed) location.reload();
  });

  /** Say which controls there are not, and hide no others. */
  async function checkHidden() {
    const { hide } = store.get();
    if (!hide) return;
    loading += 1;
    const controls = await import('./lib/controls.js').catch(() => null);
    if (controls && store.get().hide === hide) {
      const { known, unknown } = controls.sortedNames(hide.split(','), choices);
      const names = unknown.map(repeated).slice(0, MOST_NAMED).join(', ');
      const told = unknown.length ? t('There are no such controls to hide: {names}.', { names }) : '';
      store.set({ hide: known.join(','), notes: [...store.get().notes, ...notesOf([told])] });
    }
    loading -= 1;
    remember('correct');
  }
}

/**
 * @param {string[]} sentences - empty ones are left out
 * @returns {Refusal[]}
 */
function notesOf(sentences) {
  return sentences.filter(Boolean).map((message) => ({ field: '', message }));
}

/**
 * Have the page in another language, if a link asks for it.
 *
 * @param {string} wanted - tag of the language, or ""
 */
function speak(wanted) {
  const address = new URL(location.href);
  if (!wanted || wanted === language || wanted === address.searchParams.get('lang')) return;
  address.searchParams.set('lang', wanted);
  location.replace(address);
}

/**
 * @param {Store<PageState>} store
 * @param {Update} update
 */
function takeUpdate(store, { experiment, data: plane, state, history, marks }) {
  /** @type {Partial<PageState>} */
  const patch = {};
  if (experiment) {
    patch.experiment = experiment;
    // A picture of one kind of problem makes no sense as another's.
    if (experiment.problem !== store.get().experiment?.problem) patch.picture = null;
  }
  if (plane) patch.data = planeOf(plane);
  if (state) patch.run = state;
  if (history) patch.history = extended(emptyHistory(), history);
  if (marks) patch.marks = marks;
  store.set(patch);
}

/**
 * @param {Data} message
 * @returns {PlaneData}
 */
function planeOf(message) {
  const { train, test, value_range, drawn_from, input_side, input_maps, input_scales, ...same } = message;
  return {
    ...same,
    valueRange: value_range,
    drawnFrom: drawn_from,
    train: pointsOf(train),
    test: pointsOf(test),
    inputSide: input_side,
    inputMaps: bytesOf(input_maps),
    inputScales: floatsOf(input_scales),
  };
}
