/**
 * What is known of the run beside its picture, in tabs: its curves, where it errs, how its weights are spread.
 */
import { html, part } from '../lib/element.js';
import { attachMenu } from '../lib/menu.js';
import { t } from '../lib/words.js';
import { createLines } from './chart/lines.js';

/** @import {View, Context} from '../view.js' */
/** @import {PageState} from '../store.js' */
/** @import {PictureFormat} from '../lib/save-picture.js' */
/** @import {LineChart} from './chart/lines.js' */

/** @typedef {{mount: (root: HTMLElement, context: Context) => View}} Panel */

/**
 * @typedef {Object} Tab
 * @property {string} label
 * @property {string} term - keys of what explains it
 * @property {'classes' | 'regression'} [only] - the kind of problem that it makes sense for
 * @property {LineChart} [lines]
 * @property {() => Promise<Panel>} [load] - a panel's code, fetched when the panel is first opened
 * @property {string[]} [measured] - what is measured only while the panel is open
 */

/** Numbers and curves need not be redrawn with every picture. */
const REDRAW_MS = 160;

/** @type {LineChart} */
const LOSS = { name: t('loss'), heading: t('Loss'), columns: ['training', 'test'] };

/** @type {Tab[]} */
const TABS = [
  { label: LOSS.heading, term: 'loss_chart', lines: LOSS },
  {
    label: t('Accuracy'),
    term: 'accuracy',
    only: 'classes',
    lines: {
      name: t('accuracy'),
      heading: t('Accuracy'),
      columns: ['trainingAccuracy', 'testAccuracy'],
      best: 1,
      unit: '%',
      only: 'classes',
    },
  },
  {
    label: t('R²'),
    term: 'r_squared',
    only: 'regression',
    lines: {
      name: t('R²'),
      heading: t('R²'),
      columns: ['trainingAccuracy', 'testAccuracy'],
      best: 1,
      only: 'regression',
    },
  },
  {
    label: t('MAE'),
    term: 'absolute_error',
    only: 'regression',
    lines: {
      name: t('mean absolute error'),
      heading: t('Mean absolute error'),
      columns: ['trainingError', 'testError'],
    },
  },
  {
    label: t('Confusion matrix'),
    term: 'confusion_matrix',
    only: 'classes',
    load: () => import('./chart/confusion.js'),
    measured: ['confusion'],
  },
  {
    label: t('Weights and gradients'),
    term: 'weight_histogram gradient_histogram',
    load: () => import('./chart/histograms.js'),
    measured: ['weight_histograms', 'gradient_histograms'],
  },
];

/**
 * @param {HTMLElement} root
 * @param {Context} context
 * @returns {View}
 */
export function mount(root, context) {
  const { actions, drawings } = context;
  const list = part(root, '.tabs', HTMLElement);
  const curves = part(root, '.chart-lines', HTMLElement);
  const place = part(root, '.chart-panel', HTMLElement);
  const lines = createLines(curves, context);
  const buttons = TABS.map((tab, index) => {
    const panels = { 'aria-controls': tab.lines ? curves.id : place.id, 'data-term': tab.term };
    const button = html('button', { type: 'button', class: 'tab', role: 'tab', ...panels }, tab.label);
    button.addEventListener('click', () => open(index));
    return button;
  });
  list.append(...buttons);
  list.addEventListener('keydown', walk);
  attachMenu(part(root, '.chart-save', HTMLButtonElement), [
    { label: t('History as a table (CSV)'), run: () => void save('csv') },
    { label: t('Picture (PNG)'), run: () => void save('png') },
    { label: t('Picture (SVG)'), run: () => void save('svg') },
  ]);

  let opened = 0;
  /** @type {View | null} */
  let panel = null;
  /** @type {PageState | null} */
  let state = null;
  let drawnAt = performance.now(); // the first pictures of the network come first
  let timer = 0;
  show();

  /** @param {number} index */
  function open(index) {
    if (index === opened) return;
    for (const name of TABS[opened].measured ?? []) actions.want(name, false);
    for (const name of TABS[index].measured ?? []) actions.want(name, true);
    opened = index;
    show();
    panel?.destroy();
    panel = null;
    place.replaceChildren();
    void load(index);
    redraw();
  }

  /** @param {number} index */
  async function load(index) {
    const fetched = await TABS[index].load?.().catch(() => null);
    if (fetched === undefined || opened !== index || panel) return;
    if (fetched) {
      panel = fetched.mount(place, context);
      redraw();
    } else {
      const sentence = t('This could not be fetched: the server did not answer. Try again in a moment.');
      place.replaceChildren(html('p', { class: 'field-error' }, sentence));
    }
  }

  function show() {
    buttons.forEach((button, index) => {
      button.setAttribute('aria-selected', String(index === opened));
      button.tabIndex = index === opened ? 0 : -1;
    });
    const { lines: chosen, label } = TABS[opened];
    curves.hidden = !chosen;
    place.hidden = Boolean(chosen);
    (chosen ? curves : place).setAttribute('aria-label', label);
    if (chosen) lines.show(chosen);
  }

  /** @param {KeyboardEvent} event */
  function walk(event) {
    const offered = buttons.filter((button) => !button.hidden);
    const at = offered.indexOf(buttons[opened]);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const chosen = offered.at(next % offered.length) ?? buttons[opened];
    open(buttons.indexOf(chosen));
    chosen.focus();
  }

  function redraw() {
    clearTimeout(timer);
    timer = 0;
    drawnAt = performance.now();
    if (!state) return;
    if (TABS[opened].lines) lines.update(state);
    else panel?.update(state);
  }

  /** @param {PictureFormat | 'csv'} format */
  async function save(format) {
    if (!state) return;
    const { saveHistory } = await import('./chart/saving.js');
    // Where no curve is shown, that of the loss is meant.
    const { lines: chosen = LOSS } = TABS[opened];
    await saveHistory(format, state, chosen, lines.isLog(chosen), context.palette());
  }

  drawings.curves = async () => {
    const { drawCurves } = await import('./chart/drawing.js');
    return () => {
      const offered = TABS.filter((_, index) => !buttons[index].hidden).flatMap((tab) => tab.lines ?? []);
      const run = state;
      if (!run?.history.epoch.length) return [];
      return offered.map((drawn) => drawCurves(run, drawn, lines.isLog(drawn), context.palette()));
    };
  };

  return {
    update(newState) {
      const old = state;
      state = newState;
      const { experiment, history, marks, picture, data, paletteVersion } = newState;
      if (old?.experiment?.problem !== experiment?.problem && experiment) {
        const kind = experiment.problem === 'regression' ? 'regression' : 'classes';
        buttons.forEach((button, index) => {
          button.hidden = (TABS[index].only ?? kind) !== kind;
        });
        if (buttons[opened].hidden) open(0);
      }
      const same =
        old?.history === history &&
        old.marks === marks &&
        old.paletteVersion === paletteVersion &&
        old.logScale === newState.logScale &&
        old.compared === newState.compared &&
        old.data === data;
      if (same && (TABS[opened].lines || old.picture === picture)) return;
      const recolored = old?.paletteVersion !== paletteVersion; // for paper there is no later
      const wait = REDRAW_MS - (performance.now() - drawnAt);
      if (wait <= 0 || recolored) redraw();
      else if (!timer) timer = window.setTimeout(redraw, wait);
    },
    destroy() {
      clearTimeout(timer);
      panel?.destroy();
      lines.destroy();
    },
  };
}
