/**
 * The curves of saved runs beside those of the present one, each with a colour and dashes of its own.
 */
import { html, setText, svg } from '../../lib/element.js';
import { styleSheet } from '../../lib/style-sheet.js';
import { t } from '../../lib/words.js';
import { lookOf } from './looks.js';

/** @import {Context} from '../../view.js' */
/** @import {ComparedRun, PageState} from '../../store.js' */
/** @import {History} from '../../lib/history.js' */
/** @import {LineChart} from './lines.js' */

/**
 * @typedef {Object} Curve
 * @property {ComparedRun} run
 * @property {number[]} epoch
 * @property {number[]} training
 * @property {number[]} test
 */

/**
 * @typedef {Object} Comparison
 * @property {(state: PageState, chart: LineChart) => void} update
 * @property {() => number} lastEpoch - of all; -1 if there are none
 * @property {(last: number) => number[]} epochsAfter - in order
 * @property {(least: number) => number[]} values - all that are drawn and greater than that
 * @property {(plot: InstanceType<typeof uPlot>, least: number) => void} draw
 * @property {(epoch: number | null, read: (value: number) => string) => string} tell - the test values at an epoch in
 *   the legend, and in a phrase
 */

/**
 * @param {HTMLElement} keys - the legend of the present run, which the other follows
 * @param {HTMLElement} frame - of the chart
 * @param {Context} context
 * @returns {Comparison}
 */
export function createComparison(keys, frame, { actions, palette }) {
  const legend = html('ul', { class: 'chart-compared', 'aria-label': t('Compared runs'), hidden: true });
  keys.after(legend);
  void styleSheet('runs');
  /** @type {Curve[]} */
  let curves = [];
  /** @type {HTMLElement[]} */
  let values = [];
  let shown = '';

  /** @param {ComparedRun[]} compared */
  function build(compared) {
    const colors = palette().classes;
    const entries = curves.map(({ run }) => {
      const { name, slot } = run;
      const { color, dashes } = lookOf(slot, colors);
      const line = svg('path', {
        d: 'M0 4H26',
        stroke: color,
        'stroke-width': 2.2,
        'stroke-dasharray': dashes.join(' '),
      });
      const value = html('span', { class: 'chart-value' });
      const label = t('No longer compare {name}', { name });
      const away = html(
        'button',
        { type: 'button', class: 'chart-away', 'aria-label': label, title: label },
        '×',
      );
      away.addEventListener('click', () => {
        actions.show({ compared: compared.filter(({ id }) => id !== run.id) });
        frame.focus(); // the button is gone
      });
      const entry = html(
        'li',
        { class: 'chart-other' },
        svg('svg', { viewBox: '0 0 26 8', class: 'chart-swatch', 'aria-hidden': 'true' }, line),
        html('span', { class: 'chart-name', title: name }, name),
        value,
        away,
      );
      return { entry, value };
    });
    values = entries.map(({ value }) => value);
    legend.replaceChildren(...entries.map(({ entry }) => entry));
    legend.hidden = entries.length === 0;
  }

  return {
    update({ compared, paletteVersion }, chart) {
      curves = curvesOf(compared, chart);
      const now = JSON.stringify([curves.map(({ run }) => [run.id, run.name, run.slot]), paletteVersion]);
      if (now === shown) return;
      shown = now;
      build(compared);
    },

    lastEpoch: () => Math.max(-1, ...curves.map(({ epoch }) => epoch.at(-1) ?? -1)),

    epochsAfter(last) {
      const later = new Set(curves.flatMap(({ epoch }) => epoch.filter((at) => at > last)));
      return [...later].sort((a, b) => a - b);
    },

    values: (least) =>
      curves.flatMap(({ training, test }) => [...training, ...test].filter((value) => value > least)),

    draw(plot, least) {
      const { ctx, bbox } = plot;
      const colors = palette().classes;
      const pixel = devicePixelRatio || 1;
      ctx.save();
      ctx.beginPath();
      ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
      ctx.clip();
      ctx.lineJoin = 'round';
      for (const { run, epoch, training, test } of curves) {
        const { color, dashes } = lookOf(run.slot, colors);
        ctx.strokeStyle = color;
        ctx.setLineDash(dashes.map((length) => length * pixel));
        for (const [column, width, opacity] of /** @type {const} */ ([
          [training, 1, 0.55],
          [test, 1.8, 1],
        ])) {
          ctx.lineWidth = width * pixel;
          ctx.globalAlpha = opacity;
          ctx.beginPath();
          let joined = false; // what is not known leaves a gap
          column.forEach((value, row) => {
            const known = value > least;
            const [x, y] = known
              ? [plot.valToPos(epoch[row], 'x', true), plot.valToPos(value, 'y', true)]
              : [0, 0];
            if (known && joined) ctx.lineTo(x, y);
            else if (known) ctx.moveTo(x, y);
            joined = known;
          });
          ctx.stroke();
        }
      }
      ctx.restore();
    },

    tell(epoch, read) {
      const phrases = curves.map(({ run, test, ...curve }, at) => {
        const row = epoch === null ? -1 : rowAt(curve.epoch, epoch);
        const text = row < 0 ? '' : read(test[row]);
        setText(values[at], text);
        return text && t('{name}: {value}', { name: run.name, value: text });
      });
      return phrases.filter(Boolean).join('; ');
    },
  };
}

/**
 * @param {ComparedRun[]} compared
 * @param {LineChart} chart
 * @returns {Curve[]} those that a chart can have: a share of right answers is no R²
 */
export function curvesOf(compared, { columns: [training, test], only }) {
  return compared
    .filter(({ regression }) => !only || (only === 'regression') === regression)
    .map((run) => ({
      run,
      epoch: run.history.epoch,
      training: run.history[training],
      test: run.history[test],
    }));
}

/**
 * Return the row nearest to an epoch, of rows that may have been thinned out.
 *
 * @param {History['epoch']} epochs - in order
 * @param {number} epoch
 * @returns {number} -1 beyond the last
 */
export function rowAt(epochs, epoch) {
  const after = epochs.findIndex((at) => at >= epoch);
  if (after < 1) return after;
  return epochs[after] - epoch <= epoch - epochs[after - 1] ? after : after - 1;
}
