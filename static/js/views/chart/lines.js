/**
 * Two curves over the epochs, those of training and of test, read with the pointer or by keyboard.
 */
import { html, part, setText } from '../../lib/element.js';
import { fixed, number, percent, whole } from '../../lib/format.js';
import { t } from '../../lib/words.js';

/** @import {Mark} from '../../protocol.js' */
/** @import {Context} from '../../view.js' */
/** @import {PageState} from '../../store.js' */
/** @import {History} from '../../lib/history.js' */
/** @import {Comparison} from './comparison.js' */

/**
 * @typedef {Object} LineChart
 * @property {string} name - of what is drawn, within a sentence
 * @property {string} heading - the same alone
 * @property {[keyof History, keyof History]} columns - of training and test
 * @property {number} [best] - the greatest value that there can be; without one, 0 is the least
 * @property {'%'} [unit]
 * @property {'classes' | 'regression'} [only] - the kind of problem whose runs have such values
 */

/** Width of the chart while there are hardly any epochs. */
const LEAST_EPOCHS = 10;

const KEYS = t('Arrow keys read the values, Page Up and Page Down what was changed.');

/** How near to a mark, in pixels, the pointer is on it. */
const NEAR = 5;

/** The scale goes no lower while some score is better: a regression can begin worse than any scale. */
const LEAST_SCORE = -1;

/**
 * @param {number} low - greater than 0
 * @param {number} high
 * @returns {[number, number]} the powers of ten around them
 */
function wholeDecades(low, high) {
  const [bottom, top] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  return [10 ** bottom, 10 ** Math.max(top, bottom + 1)];
}

/**
 * @param {HTMLElement} root
 * @param {Context} context
 */
export function createLines(root, context) {
  const { actions, palette, tooltip } = context;
  const frame = part(root, '.chart-frame', HTMLElement);
  const log = part(root, '.chart-log', HTMLInputElement);
  const readout = part(root, '.chart-readout', HTMLElement);
  const values = ['training', 'test'].map((name) => part(root, `.chart-${name}`, HTMLElement));
  const summary = part(root, '.chart-summary', HTMLElement);
  const said = part(root, '.chart-said', HTMLElement);
  /** @type {InstanceType<typeof uPlot> | null} */
  let plot = null;
  /** @type {LineChart} */
  let chart = { name: '', heading: '', columns: ['training', 'test'] };
  /** @type {PageState | null} */
  let state = null;
  let paletteVersion = -1;
  let byKeys = false; // whether the keyboard has placed the cursor, at this epoch
  let epochAt = 0;
  let noting = false; // whether the tooltip is ours
  /** @type {Comparison | null} with saved runs, once there are any */
  let comparison = null;
  let fetching = false;

  log.addEventListener('change', () => actions.show({ logScale: log.checked }));
  const resized = new ResizeObserver(() => {
    if (plot && frame.clientWidth) plot.setSize(size());
    else build();
  });
  resized.observe(frame);
  frame.addEventListener('keydown', walk);
  frame.addEventListener('blur', leave);
  frame.addEventListener('pointermove', () => {
    byKeys = false;
  });

  /** @param {LineChart} drawn */
  const isLog = (drawn) => state?.logScale === true && drawn.best === undefined;
  /** @param {number} value */
  const read = (value) => (chart.unit === '%' ? percent(value) : fixed(value));

  // The library comes after all that the network needs; until then there is nothing worth drawing.
  window.addEventListener('load', fetchLibrary, { once: true });

  function fetchLibrary() {
    const library = html('script', { src: frame.dataset.library });
    library.addEventListener('load', build);
    root.append(library);
  }

  function size() {
    return { width: Math.floor(frame.clientWidth), height: Math.floor(frame.clientHeight) };
  }

  function build() {
    plot?.destroy();
    plot = null;
    if (!frame.clientWidth || !state?.history.epoch.length || !('uPlot' in globalThis)) return;
    const { muted, line, accent } = palette();
    const { fontSize, fontFamily } = getComputedStyle(frame);
    const font = `${Math.round(parseFloat(fontSize))}px ${fontFamily}`;
    const axis = {
      stroke: muted,
      font,
      labelFont: font,
      labelSize: 15,
      labelGap: 0,
      grid: { stroke: line, width: 1 },
      ticks: { show: false },
    };
    // A single row is no line yet.
    const points = { show: () => state?.history.epoch.length === 1 };
    plot = new uPlot(
      {
        ...size(),
        padding: [8, 14, 0, 0],
        legend: { show: false },
        cursor: { y: false, drag: { setScale: false }, points: { size: 6 } },
        scales: {
          x: { time: false, range: epochs },
          y: isLog(chart)
            ? { distr: 3, log: 10, range: (_plot, low, high) => decades(low, high) }
            : { range: (_plot, low, high) => heights(low, high) },
        },
        axes: [
          {
            ...axis,
            label: t('epoch'),
            size: 18,
            gap: 3,
            values: (_plot, splits) => splits.map((at) => (at % 1 ? '' : whole(at))),
          },
          {
            ...axis,
            label: chart.name,
            size: 38,
            gap: 5,
            values: (_plot, splits) => splits.map((at) => (at === null ? '' : written(at))),
          },
        ],
        series: [{}, { stroke: muted, width: 1.5, points }, { stroke: accent, width: 2, points }],
        hooks: { setCursor: [tell], drawAxes: [drawOthers], draw: [drawMarks] },
      },
      columns(),
      frame,
    );
  }

  /** @param {number} value */
  function written(value) {
    return chart.unit === '%' ? percent(value, 0) : number(value, 3);
  }

  /** @returns {[number, number]} */
  function epochs() {
    const epoch = state?.history.epoch ?? [];
    const first = epoch[0] ?? 0;
    return [first, Math.max(epoch.at(-1) ?? 0, comparison?.lastEpoch() ?? 0, first + LEAST_EPOCHS)];
  }

  /**
   * @param {number | null} low - null without data
   * @param {number | null} high
   * @returns {[low: number | null, high: number | null]} with what is compared
   */
  function extremes(low, high) {
    const all = [low, high].filter((value) => value !== null).concat(comparison?.values(least()) ?? []);
    if (all.length === 0) return [null, null];
    return [all.reduce((a, b) => Math.min(a, b)), all.reduce((a, b) => Math.max(a, b))];
  }

  /** Only what is greater can be drawn. */
  const least = () => (isLog(chart) ? 0 : -Infinity);

  /**
   * @param {number | null} presentLow - null without data
   * @param {number | null} presentHigh
   * @returns {[number, number]} powers of ten
   */
  function decades(presentLow, presentHigh) {
    const [low, high] = extremes(presentLow, presentHigh);
    return low === null || high === null ? [0.1, 1] : wholeDecades(low, high);
  }

  /**
   * @param {number | null} presentLow - null without data
   * @param {number | null} presentHigh
   * @returns {[number, number]}
   */
  function heights(presentLow, presentHigh) {
    const [low, high] = extremes(presentLow, presentHigh);
    if (chart.best === undefined) return [0, high !== null && high > 0 ? high * 1.05 : 1];
    const floor = high !== null && high < LEAST_SCORE ? -Infinity : LEAST_SCORE;
    const bottom = Math.max(floor, Math.floor((low ?? 0) * 10) / 10);
    return [Math.min(bottom, chart.best - 0.1), chart.best];
  }

  /** @returns {[number[], (number | null)[], (number | null)[]]} */
  function columns() {
    const { history } = /** @type {PageState} */ (state);
    const floor = least();
    const [training, test] = chart.columns.map((name) =>
      history[name].map((value) => (Number.isFinite(value) && value > floor ? value : null)),
    );
    return [history.epoch, training, test];
  }

  /** @param {InstanceType<typeof uPlot>} drawn */
  function drawOthers(drawn) {
    comparison?.draw(drawn, least());
  }

  /** @param {InstanceType<typeof uPlot>} drawn */
  function drawMarks(drawn) {
    const { ctx, bbox } = drawn;
    const { accent } = palette();
    const pixel = devicePixelRatio || 1;
    ctx.save();
    ctx.strokeStyle = ctx.fillStyle = accent;
    ctx.lineWidth = pixel;
    ctx.globalAlpha = 0.55;
    for (const { epoch } of shownMarks()) {
      const x = Math.round(drawn.valToPos(epoch, 'x', true)) + pixel / 2;
      ctx.setLineDash([2 * pixel, 3 * pixel]);
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      ctx.beginPath();
      ctx.moveTo(x - 4 * pixel, bbox.top - 6 * pixel);
      ctx.lineTo(x + 4 * pixel, bbox.top - 6 * pixel);
      ctx.lineTo(x, bbox.top);
      ctx.fill();
    }
    ctx.restore();
  }

  /** @returns {Mark[]} */
  function shownMarks() {
    const [first, last] = epochs();
    return (state?.marks ?? []).filter(({ epoch }) => epoch >= first && epoch <= last);
  }

  /** Say the values at the cursor, if it is there, and what was changed there. */
  function tell() {
    if (!state) return;
    const { history } = state;
    const pointed = epochPointed(history);
    const at = pointed === null ? -1 : history.epoch.indexOf(pointed);
    setText(readout, pointed === null ? '' : t('epoch {epoch}', { epoch: whole(pointed) }));
    const numbers = chart.columns.map((name) => (pointed === null ? '' : read(history[name][at])));
    numbers.forEach((text, index) => setText(values[index], text));
    const others = comparison?.tell(pointed, read) ?? '';
    const changes = pointed === null ? '' : note();
    if (byKeys && pointed !== null) {
      const [training, test] = numbers;
      const epoch = whole(pointed);
      const sentence = t('Epoch {epoch}: training {training}, test {test}. {changes}', {
        epoch,
        training,
        test,
        changes,
      });
      setText(said, [sentence, others].filter(Boolean).join(' '));
    }
  }

  /**
   * @param {History} history
   * @returns {number | null} the epoch at the cursor: one of the present run, or a later one of a run that it is
   *   compared with
   */
  function epochPointed({ epoch }) {
    const at = plot?.cursor.idx ?? null;
    if (!plot || at === null || at >= epoch.length) return null;
    const there = Math.round(plot.posToVal(plot.cursor.left ?? 0, 'x'));
    const last = epoch[epoch.length - 1];
    return there > last && there <= (comparison?.lastEpoch() ?? -1) ? there : epoch[at];
  }

  /**
   * Show what was changed at the cursor.
   *
   * @returns {string}
   */
  function note() {
    const left = plot?.cursor.left ?? -1;
    const near = shownMarks().filter(
      ({ epoch }) => plot && left >= 0 && Math.abs(plot.valToPos(epoch, 'x') - left) <= NEAR,
    );
    if (near.length === 0) {
      hush();
      return '';
    }
    const box = plot?.over.getBoundingClientRect();
    if (box) tooltip.move(box.left + left, box.top + 12);
    const text = near.map((mark) => mark.text).join('; ');
    tooltip.say(t('Changed at epoch {epoch}', { epoch: whole(near[0].epoch) }), text);
    noting = true;
    return text;
  }

  function hush() {
    if (noting) tooltip.hide();
    noting = false;
  }

  /** @param {KeyboardEvent} event */
  function walk(event) {
    const own = state?.history.epoch ?? [];
    if (!plot || !own.length) return;
    const epoch = own.concat(comparison?.epochsAfter(own[own.length - 1]) ?? []);
    if (event.key === 'Escape') {
      leave();
      return;
    }
    const last = epoch.length - 1;
    const at = byKeys ? epoch.indexOf(epochAt) : last;
    const stride = event.shiftKey ? 10 : 1;
    /** @type {Record<string, () => number | undefined>} */
    const ways = {
      ArrowRight: () => epoch[Math.min(last, byKeys ? at + stride : last)],
      ArrowLeft: () => epoch[Math.max(0, at - stride)],
      Home: () => epoch[0],
      End: () => epoch[last],
      // From one change of the settings to another.
      PageDown: () => shownMarks().find((mark) => mark.epoch > (byKeys ? epochAt : -1))?.epoch,
      PageUp: () => shownMarks().findLast((mark) => mark.epoch < (byKeys ? epochAt : Infinity))?.epoch,
    };
    if (!(event.key in ways)) return;
    event.preventDefault();
    const wish = ways[event.key]();
    if (wish === undefined) return;
    byKeys = true;
    epochAt = wish;
    placeCursor();
  }

  function placeCursor() {
    plot?.setCursor({ left: plot.valToPos(epochAt, 'x'), top: 1 });
  }

  function leave() {
    byKeys = false;
    plot?.setCursor({ left: -10, top: -10 });
    hush();
  }

  /** @param {History} history */
  function summarize(history) {
    const last = history.epoch.length - 1;
    if (last < 0) return;
    /** @param {number} row */
    const both = (row) => chart.columns.map((name) => read(history[name][row]));
    const [training, test] = both(last);
    const [firstTraining, firstTest] = both(0);
    const changes = shownMarks().slice(-5);
    const changed = changes.map(({ epoch, text }) =>
      t('Changed at epoch {epoch}: {text}.', { epoch: whole(epoch), text }),
    );
    const losses = t(
      'At epoch {epoch}, training {name} {training} and test {name} {test}; at the start {firstTraining} and {firstTest}.',
      { epoch: whole(history.epoch[last]), name: chart.name, training, test, firstTraining, firstTest },
    );
    setText(summary, [losses, ...changed, KEYS].join(' '));
  }

  /** Fetch what draws saved runs' curves, once there are any. */
  async function fetchComparison() {
    fetching = true;
    const module = await import('./comparison.js').catch(() => null);
    fetching = false;
    if (!module || !state) return; // with the next picture it is tried again
    comparison = module.createComparison(part(root, '.chart-keys', HTMLElement), frame, context);
    comparison.update(state, chart);
    plot?.setData(columns());
  }

  return {
    isLog,
    /** @param {LineChart} chosen */
    show(chosen) {
      chart = chosen;
      frame.setAttribute('aria-label', t('{name} chart', { name: chart.heading }));
      part(root, '.check', HTMLElement).hidden = chart.best !== undefined;
      plot?.destroy();
      plot = null;
      said.textContent = '';
      byKeys = false;
    },
    /** @param {PageState} newState */
    update(newState) {
      const rescaled = state?.logScale !== newState.logScale;
      state = newState;
      log.checked = state.logScale;
      if (comparison) comparison.update(state, chart);
      else if (state.compared.length > 0 && !fetching) void fetchComparison();
      if (!plot || rescaled || paletteVersion !== state.paletteVersion) build();
      else plot.setData(columns());
      paletteVersion = state.paletteVersion;
      if (byKeys) placeCursor();
      else tell();
      summarize(state.history);
    },
    destroy() {
      resized.disconnect();
      hush();
      plot?.destroy();
    },
  };
}
