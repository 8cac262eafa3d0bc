/**
 * Two curves over the epochs, those of training and of test, read with the pointer or by keyboard.
 */
import { html, part, setText } from '../../lib/element.js';
import { fixed, number, percent, whole } from '../../lib/format.js';

/** @import {Mark} from '../../protocol.js' */
/** @import {Context} from '../../view.js' */
/** @import {PageState} from '../../store.js' */
/** @import {History} from '../../lib/history.js' */

/**
 * @typedef {Object} LineChart
 * @property {string} name
 * @property {[keyof History, keyof History]} columns - of training and test
 * @property {number} [best] - the greatest value that there can be; without one, 0 is the least
 * @property {'%'} [unit]
 */

/** Width of the chart while there are hardly any epochs. */
const LEAST_EPOCHS = 10;

const KEYS = 'Arrow keys read the values, Page Up and Page Down what was changed.';

/** How near to a mark, in pixels, the pointer is on it. */
const NEAR = 5;

/** The scale goes no lower while some score is better: a regression can begin worse than any scale. */
const LEAST_SCORE = -1;

/**
 * @param {HTMLElement} root
 * @param {Context} context
 */
export function createLines(root, { palette, tooltip }) {
  const frame = part(root, '.chart-frame', HTMLElement);
  const log = part(root, '.chart-log', HTMLInputElement);
  const readout = part(root, '.chart-readout', HTMLElement);
  const values = ['training', 'test'].map((name) => part(root, `.chart-${name}`, HTMLElement));
  const summary = part(root, '.chart-summary', HTMLElement);
  const said = part(root, '.chart-said', HTMLElement);
  /** @type {InstanceType<typeof uPlot> | null} */
  let plot = null;
  /** @type {LineChart} */
  let chart = { name: 'loss', columns: ['training', 'test'] };
  /** @type {PageState | null} */
  let state = null;
  let paletteVersion = -1;
  let byKeys = false; // whether the keyboard has placed the cursor, at this epoch
  let epochAt = 0;
  let noting = false; // whether the tooltip is ours

  log.addEventListener('change', build);
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
  const isLog = (drawn) => log.checked && drawn.best === undefined;
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
          y: isLog(chart) ? { distr: 3, log: 10 } : { range: (_plot, low, high) => heights(low, high) },
        },
        axes: [
          {
            ...axis,
            label: 'epoch',
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
        hooks: { setCursor: [tell], draw: [drawMarks] },
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
    return [first, Math.max(epoch.at(-1) ?? 0, first + LEAST_EPOCHS)];
  }

  /**
   * @param {number | null} low - null without data
   * @param {number | null} high
   * @returns {[number, number]}
   */
  function heights(low, high) {
    if (chart.best === undefined) return [0, high !== null && high > 0 ? high * 1.05 : 1];
    const floor = high !== null && high < LEAST_SCORE ? -Infinity : LEAST_SCORE;
    const least = Math.max(floor, Math.floor((low ?? 0) * 10) / 10);
    return [Math.min(least, chart.best - 0.1), chart.best];
  }

  /** @returns {[number[], (number | null)[], (number | null)[]]} */
  function columns() {
    const { history } = /** @type {PageState} */ (state);
    const least = isLog(chart) ? Number.MIN_VALUE : -Infinity;
    const [training, test] = chart.columns.map((name) =>
      history[name].map((value) => (Number.isFinite(value) && value >= least ? value : null)),
    );
    return [history.epoch, training, test];
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
    const pointed = plot?.cursor.idx ?? null;
    const at = pointed === null || pointed >= history.epoch.length ? -1 : pointed;
    setText(readout, at < 0 ? '' : `epoch ${whole(history.epoch[at])}`);
    const numbers = chart.columns.map((name) => (at < 0 ? '' : read(history[name][at])));
    numbers.forEach((text, index) => setText(values[index], text));
    const changes = at < 0 ? '' : note();
    if (byKeys && at >= 0) {
      const [training, test] = numbers;
      setText(said, `Epoch ${whole(history.epoch[at])}: training ${training}, test ${test}. ${changes}`);
    }
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
    tooltip.say(`Changed at epoch ${whole(near[0].epoch)}`, text);
    noting = true;
    return text;
  }

  function hush() {
    if (noting) tooltip.hide();
    noting = false;
  }

  /** @param {KeyboardEvent} event */
  function walk(event) {
    const epoch = state?.history.epoch ?? [];
    if (!plot || !epoch.length) return;
    if (event.key === 'Escape') {
      leave();
      return;
    }
    const last = epoch.length - 1;
    const at = byKeys ? (plot.cursor.idx ?? last) : last;
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
    const changed = changes.map(({ epoch, text }) => ` Changed at epoch ${whole(epoch)}: ${text}.`).join('');
    setText(
      summary,
      `At epoch ${whole(history.epoch[last])}, training ${chart.name} ${training} and test ${chart.name} ${test}; ` +
        `at the start ${firstTraining} and ${firstTest}.${changed} ${KEYS}`,
    );
  }

  return {
    isLog,
    /** @param {LineChart} chosen */
    show(chosen) {
      chart = chosen;
      frame.setAttribute('aria-label', `${chart.name.charAt(0).toUpperCase()}${chart.name.slice(1)} chart`);
      part(root, '.check', HTMLElement).hidden = chart.best !== undefined;
      plot?.destroy();
      plot = null;
      said.textContent = '';
      byKeys = false;
    },
    /** @param {PageState} newState */
    update(newState) {
      state = newState;
      if (!plot || paletteVersion !== state.paletteVersion) build();
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
