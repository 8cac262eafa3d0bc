/**
 * Training and test loss over the epochs.
 */
import { part, setText } from '../lib/element.js';
import { fixed, number, whole } from '../lib/format.js';

/** @import {View, Context} from '../view.js' */
/** @import {History} from '../lib/history.js' */

/** A line chart need not be redrawn with every picture. */
const REDRAW_MS = 160;

/** Width of the chart while there are hardly any epochs. */
const LEAST_EPOCHS = 10;

/**
 * @param {HTMLElement} root
 * @param {Context} context
 * @returns {View}
 */
export function mount(root, { palette }) {
  const frame = part(root, '.chart-frame', HTMLElement);
  const log = part(root, '.chart-log', HTMLInputElement);
  const readout = part(root, '.chart-readout', HTMLElement);
  const values = ['training', 'test'].map((name) => part(root, `.chart-${name}`, HTMLElement));
  const summary = part(root, '.chart-summary', HTMLElement);
  /** @type {InstanceType<typeof uPlot> | null} */
  let plot = null;
  /** @type {History | null} */
  let history = null;
  let paletteVersion = -1;
  let drawnAt = performance.now(); // the first pictures of the network come first
  let timer = 0;

  log.addEventListener('change', build);
  // The library comes last; until then there is nothing worth drawing.
  window.addEventListener('load', build, { once: true });
  const resized = new ResizeObserver(() => {
    if (plot && frame.clientWidth) plot.setSize(size());
    else build();
  });
  resized.observe(frame);

  function size() {
    return { width: Math.floor(frame.clientWidth), height: Math.floor(frame.clientHeight) };
  }

  function build() {
    plot?.destroy();
    plot = null;
    if (!frame.clientWidth || !history?.epoch.length || !('uPlot' in globalThis)) return;
    const { muted, line, ink, accent } = palette();
    const font = `${Math.round(parseFloat(getComputedStyle(frame).fontSize))}px ${getComputedStyle(frame).fontFamily}`;
    const axis = {
      stroke: muted,
      font,
      grid: { stroke: line, width: 1 },
      ticks: { show: false },
    };
    plot = new uPlot(
      {
        ...size(),
        padding: [8, 14, 0, 0],
        legend: { show: false },
        cursor: { y: false, drag: { setScale: false }, points: { size: 6 } },
        scales: {
          x: { time: false, range: epochs },
          y: log.checked
            ? { distr: 3, log: 10 }
            : { range: (_plot, _low, high) => [0, Number.isFinite(high) && high > 0 ? high * 1.05 : 1] },
        },
        axes: [
          {
            ...axis,
            size: 22,
            gap: 4,
            values: (_plot, splits) => splits.map((at) => (at % 1 ? '' : whole(at))),
          },
          {
            ...axis,
            size: 38,
            gap: 5,
            values: (_plot, splits) => splits.map((at) => (at === null ? '' : number(at, 3))),
          },
        ],
        series: [
          {},
          { stroke: muted, width: 1.5, points: { show: false } },
          { stroke: accent, width: 2, points: { show: false } },
        ],
        hooks: { setCursor: [tell] },
      },
      columns(history),
      frame,
    );
    drawnAt = performance.now();
    frame.style.setProperty('--chart-ink', ink);
  }

  /** @returns {[number, number]} */
  function epochs() {
    const first = history?.epoch[0] ?? 0;
    return [first, Math.max(history?.epoch.at(-1) ?? 0, first + LEAST_EPOCHS)];
  }

  /** Say the values at the pointer, if it is there. */
  function tell() {
    if (!history) return;
    const pointed = plot?.cursor.idx ?? null;
    const at = pointed ?? history.epoch.length - 1;
    setText(readout, pointed === null || at < 0 ? '' : `epoch ${whole(history.epoch[at])}`);
    [history.training, history.test].forEach((losses, index) => {
      setText(values[index], pointed === null || at < 0 ? '' : fixed(losses[at]));
    });
  }

  function redraw() {
    timer = 0;
    drawnAt = performance.now();
    if (!history) return;
    if (!plot) build();
    else plot.setData(columns(history));
    tell();
    const last = history.epoch.length - 1;
    if (last >= 0) {
      setText(
        summary,
        `At epoch ${whole(history.epoch[last])}, training loss ${fixed(history.training[last])} and test loss ` +
          `${fixed(history.test[last])}; at the start ${fixed(history.training[0])} and ${fixed(history.test[0])}.`,
      );
    }
  }

  return {
    update(state) {
      if (state.paletteVersion !== paletteVersion) {
        paletteVersion = state.paletteVersion;
        history = state.history;
        if (plot) build();
      }
      if (state.history === history) return;
      history = state.history;
      const wait = REDRAW_MS - (performance.now() - drawnAt);
      if (wait <= 0) redraw();
      else if (!timer) timer = window.setTimeout(redraw, wait);
    },
    destroy() {
      clearTimeout(timer);
      resized.disconnect();
      plot?.destroy();
    },
  };
}

/**
 * @param {History} history
 * @returns {[number[], (number | null)[], (number | null)[]]}
 */
function columns({ epoch, training, test }) {
  return [epoch, training, test];
}
