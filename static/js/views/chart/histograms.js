/**
 * How the weights of each layer are spread, and their gradients.
 */
import { html, setText, svg } from '../../lib/element.js';
import { number } from '../../lib/format.js';
import { t } from '../../lib/words.js';

/** @import {View} from '../../view.js' */
/** @import {PageState} from '../../store.js' */

const BINS = 24;
const ROW = 2 + BINS; // low, high, counts
const HEIGHT = 30;

const KINDS = /** @type {const} */ ([
  {
    name: t('Weights'),
    part: 'weightHistograms',
    ofOutput: t('Weights of output'),
    ofHidden: (/** @type {number} */ layer) => t('Weights of hidden {layer}', { layer }),
  },
  {
    name: t('Gradients'),
    part: 'gradientHistograms',
    ofOutput: t('Gradients of output'),
    ofHidden: (/** @type {number} */ layer) => t('Gradients of hidden {layer}', { layer }),
  },
]);

/**
 * @param {HTMLElement} root
 * @returns {View}
 */
export function mount(root) {
  const rows = html('div', { class: 'histograms', tabindex: 0, role: 'group', 'aria-label': t('Layers') });
  root.replaceChildren(rows);
  /** @type {ReturnType<typeof createHistogram>[][]} of each layer: weights, gradients */
  let layers = [];

  /** @param {number} count */
  function build(count) {
    layers = Array.from({ length: count }, (_, index) => {
      const isOutput = index === count - 1;
      return KINDS.map(({ ofOutput, ofHidden }) =>
        createHistogram(isOutput ? ofOutput : ofHidden(index + 1)),
      );
    });
    rows.replaceChildren(
      html('span', {}),
      ...KINDS.map(({ name }) => html('span', { class: 'histograms-kind' }, name)),
      ...layers.flatMap((pair, index) => [
        html(
          'span',
          { class: 'histograms-layer' },
          index === count - 1 ? t('Output') : t('Hidden {layer}', { layer: index + 1 }),
        ),
        ...pair.map(({ element }) => element),
      ]),
    );
  }

  return {
    /** @param {PageState} state */
    update({ experiment, picture }) {
      const count = (experiment?.layers.length ?? 1) - 1;
      if (count !== layers.length) build(count);
      layers.forEach((pair, layer) => {
        KINDS.forEach(({ part }, kind) => {
          const numbers = picture?.[part];
          if (numbers?.length === count * ROW)
            pair[kind].draw(numbers.subarray(layer * ROW, (layer + 1) * ROW));
        });
      });
    },
    destroy() {
      root.replaceChildren();
    },
  };
}

/** @param {string} name - of what is spread */
function createHistogram(name) {
  const negative = svg('path', { class: 'histogram-negative' });
  const positive = svg('path', { class: 'histogram-positive' });
  const zero = svg('path', { class: 'histogram-zero' });
  const picture = svg(
    'svg',
    { class: 'histogram-bars', viewBox: `0 0 ${BINS} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img' },
    negative,
    positive,
    zero,
  );
  const ends = [html('span', {}), html('span', {})];
  const element = html(
    'div',
    { class: 'histogram' },
    picture,
    html('div', { class: 'histogram-ends', 'aria-hidden': 'true' }, ...ends),
  );

  return {
    element,
    /** @param {Float32Array} numbers - low, high, counts */
    draw(numbers) {
      const [low, high] = numbers;
      const counts = numbers.subarray(2);
      const most = Math.max(...counts, 1);
      const width = (high - low) / BINS;
      let [below, above] = ['', ''];
      counts.forEach((count, bin) => {
        if (count === 0) return;
        // Whatever is there is to be seen, be it one of thousands.
        const height = Math.max(1, (count / most) * (HEIGHT - 1));
        const bar = `M${bin + 0.06} ${HEIGHT}v${-height.toFixed(2)}h.88v${height.toFixed(2)}z`;
        if (low + (bin + 0.5) * width < 0) below += bar;
        else above += bar;
      });
      negative.setAttribute('d', below);
      positive.setAttribute('d', above);
      const origin = (-low / (high - low)) * BINS;
      zero.setAttribute('d', origin > 0 && origin < BINS ? `M${origin.toFixed(2)} 0V${HEIGHT}` : '');
      setText(ends[0], number(low, 2));
      setText(ends[1], number(high, 2));
      const peak = counts.indexOf(most);
      picture.setAttribute(
        'aria-label',
        t('{name}: from {low} to {high}, most between {least} and {most}', {
          name,
          low: number(low, 2),
          high: number(high, 2),
          least: number(low + peak * width, 2),
          most: number(low + (peak + 1) * width, 2),
        }),
      );
    },
  };
}
