/**
 * A run's curves as a drawing that stands alone, for a document or a slide.
 */
import { svg } from '../../lib/element.js';
import { number, percent, whole } from '../../lib/format.js';
import { decades, ticks } from '../../lib/ticks.js';
import { t } from '../../lib/words.js';
import { curvesOf } from './comparison.js';
import { lookOf } from './looks.js';

/** @import {Palette} from '../../palette.js' */
/** @import {PageState} from '../../store.js' */
/** @import {LineChart} from './lines.js' */

const WIDTH = 640;
const HEIGHT = 360;
const LEFT = 64;
const RIGHT = 20;
const TOP = 40;
const BOTTOM = 48;
const FONT = 'system-ui, sans-serif';

/** Names of compared runs, so many beside each other beneath the curves. */
const BESIDE = 3;
const NAME_LINE = 20;
const LONGEST_NAME = 24;

/**
 * @param {Pick<PageState, 'history' | 'marks' | 'compared'>} run
 * @param {LineChart} chart
 * @param {boolean} isLog
 * @param {Palette} palette
 * @returns {SVGSVGElement}
 */
export function drawCurves({ history, marks, compared }, chart, isLog, palette) {
  const { paper, ink, muted, line, accent, classes } = palette;
  const others = curvesOf(compared, chart);
  const height = HEIGHT + Math.ceil(others.length / BESIDE) * NAME_LINE;
  const series = chart.columns.map((name) => history[name]);
  /** @param {number} value */
  const isDrawn = (value) => Number.isFinite(value) && (!isLog || value > 0);
  const values = [...series, ...others.flatMap(({ training, test }) => [training, test])]
    .flat()
    .filter(isDrawn);
  const first = history.epoch[0] ?? 0;
  const ends = others.map(({ epoch }) => epoch.at(-1) ?? 0);
  const last = Math.max(history.epoch.at(-1) ?? 0, ...ends, first + 1);
  const [low, high] = range(values, chart, isLog);
  /** @param {number} value */
  const scaled = (value) => (isLog ? Math.log10(value) : value);
  /** @param {number} epoch */
  const x = (epoch) => LEFT + ((epoch - first) / (last - first)) * (WIDTH - LEFT - RIGHT);
  /** @param {number} value */
  const y = (value) =>
    HEIGHT -
    BOTTOM -
    ((scaled(value) - scaled(low)) / (scaled(high) - scaled(low))) * (HEIGHT - TOP - BOTTOM);

  /**
   * @param {string} content
   * @param {number} atX
   * @param {number} atY
   * @param {Record<string, string | number>} [attributes]
   */
  const text = (content, atX, atY, attributes = {}) =>
    svg('text', { x: atX, y: atY, fill: muted, 'font-size': 12, ...attributes }, content);
  const drawing = svg(
    'svg',
    { viewBox: `0 0 ${WIDTH} ${height}`, width: WIDTH, height, 'font-family': FONT },
    svg('title', {}, t('{name} chart', { name: chart.heading })),
    svg('rect', { width: WIDTH, height, fill: paper }),
    svg(
      'clipPath',
      { id: 'inside' },
      svg('rect', { x: LEFT, y: TOP, width: WIDTH - LEFT - RIGHT, height: HEIGHT - TOP - BOTTOM }),
    ),
  );

  for (const at of ticks(first, last, 6).filter(Number.isInteger)) {
    drawing.append(
      svg('path', { d: `M${x(at)} ${TOP}V${HEIGHT - BOTTOM}`, stroke: line }),
      text(whole(at), x(at), HEIGHT - BOTTOM + 18, { 'text-anchor': 'middle' }),
    );
  }
  for (const at of isLog ? decades(low, high) : ticks(low, high, 5)) {
    drawing.append(
      svg('path', { d: `M${LEFT} ${y(at)}H${WIDTH - RIGHT}`, stroke: line }),
      text(chart.unit === '%' ? percent(at, 0) : number(at, 3), LEFT - 8, y(at) + 4, {
        'text-anchor': 'end',
      }),
    );
  }
  for (const { epoch, text: change } of marks.filter((mark) => mark.epoch >= first && mark.epoch <= last)) {
    drawing.append(
      svg(
        'path',
        {
          d: `M${x(epoch)} ${TOP}V${HEIGHT - BOTTOM}`,
          stroke: accent,
          'stroke-dasharray': '2 3',
          opacity: 0.6,
        },
        svg('title', {}, change),
      ),
    );
  }
  /**
   * @param {number[]} epochs
   * @param {number[]} column
   * @returns {string} path data; what is not known leaves a gap
   */
  function pathOf(epochs, column) {
    let path = '';
    let joined = false;
    column.forEach((value, row) => {
      if (isDrawn(value)) path += `${joined ? 'L' : 'M'}${round(x(epochs[row]))} ${round(y(value))}`;
      joined = isDrawn(value);
    });
    return path;
  }
  others.forEach(({ run, epoch, training, test }, index) => {
    const { color, dashes } = lookOf(run.slot, classes);
    const look = {
      fill: 'none',
      stroke: color,
      'stroke-dasharray': dashes.join(' '),
      'clip-path': 'url(#inside)',
    };
    const left = LEFT + (index % BESIDE) * ((WIDTH - LEFT - RIGHT) / BESIDE);
    const top = HEIGHT + 4 + Math.floor(index / BESIDE) * NAME_LINE;
    const name = run.name.length > LONGEST_NAME ? `${run.name.slice(0, LONGEST_NAME - 1)}…` : run.name;
    drawing.append(
      svg('path', { ...look, d: pathOf(epoch, training), 'stroke-width': 1, opacity: 0.55 }),
      svg('path', { ...look, d: pathOf(epoch, test), 'stroke-width': 1.8 }, svg('title', {}, run.name)),
      svg('path', { ...look, 'clip-path': null, d: `M${left} ${top - 4}h28`, 'stroke-width': 2 }),
      text(name, left + 34, top),
    );
  });
  series.forEach((column, index) => {
    drawing.append(
      svg('path', {
        d: pathOf(history.epoch, column),
        fill: 'none',
        stroke: [muted, accent][index],
        'stroke-width': [1.5, 2][index],
        'stroke-linejoin': 'round',
        'clip-path': 'url(#inside)',
      }),
      svg('path', {
        d: `M${WIDTH - RIGHT - 180 + index * 100} 22h22`,
        stroke: [muted, accent][index],
        'stroke-width': 2,
      }),
      text([t('training'), t('test')][index], WIDTH - RIGHT - 152 + index * 100, 26),
    );
  });
  const middle = (TOP + HEIGHT - BOTTOM) / 2;
  drawing.append(
    text(chart.heading, LEFT, 26, { fill: ink, 'font-size': 15, 'font-weight': 600 }),
    text(t('epoch'), (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, { 'text-anchor': 'middle' }),
    text(chart.name, 14, middle, { 'text-anchor': 'middle', transform: `rotate(-90 14 ${middle})` }),
  );
  return drawing;
}

/**
 * @param {number[]} values - that are drawn
 * @param {LineChart} chart
 * @param {boolean} isLog
 * @returns {[low: number, high: number]}
 */
function range(values, { best }, isLog) {
  const least = values.reduce((a, b) => Math.min(a, b), Infinity);
  const most = values.reduce((a, b) => Math.max(a, b), -Infinity);
  if (isLog)
    return values.length
      ? [10 ** Math.floor(Math.log10(least)), 10 ** Math.ceil(Math.log10(most) + 1e-9)]
      : [0.1, 1];
  if (best === undefined) return [0, most > 0 ? most * 1.05 : 1];
  return [Math.min(Math.max(-1, Math.floor(least * 10) / 10), best - 0.1), best];
}

/** @param {number} pixels */
function round(pixels) {
  return Math.round(pixels * 100) / 100;
}
