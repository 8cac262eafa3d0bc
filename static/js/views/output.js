/**
 * What the network answers over the plane, with the points that it learns from: the reward.
 */
import { context2d, fitToScreen } from '../lib/canvas.js';
import { part, setText } from '../lib/element.js';
import { drawAxes, drawLegend } from './output/axes.js';
import { createSurface, pointedMap } from './output/surface.js';
import { drawSamples } from './output/points.js';
import { description, reading } from './output/words.js';

/** @import {View, Context} from '../view.js' */
/** @import {PageState} from '../store.js' */

/** While it trains, words for those who cannot see the picture come no oftener than they can be heard. */
const DESCRIBE_MS = 5000;

/**
 * @param {HTMLElement} root
 * @param {Context} context
 * @returns {View}
 */
export function mount(root, { choices, actions, palette, tooltip }) {
  const plot = part(root, '.output-plot', HTMLElement);
  const surface = part(root, '.output-surface', HTMLCanvasElement);
  const dots = part(root, '.output-points', HTMLCanvasElement);
  const axes = part(root, '.output-axes', SVGSVGElement);
  const heading = part(root, '.output-heading', HTMLElement);
  const caption = part(root, '.output-caption', HTMLElement);
  const spoken = part(root, '.output-description', HTMLElement);
  const legend = part(root, '.output-legend', HTMLElement);
  const slice = part(root, '.output-slice', HTMLElement);
  const showTest = part(root, '.output-show-test', HTMLInputElement);
  const discretize = part(root, '.output-discretize', HTMLInputElement);
  const known = choices.entries(choices.setting('features').registry ?? '');
  const features = known.map(({ name }) => name);
  const coordinates = known.map(({ label }) => label);
  const drawField = createSurface(surface, palette);
  const pointsContext = context2d(dots);

  /** @type {PageState | null} */
  let shown = null;
  let side = 0;
  let describedAt = 0;
  let timer = 0;
  /** @type {{across: number, up: number} | null} */
  let pointer = null;

  showTest.addEventListener('change', () => actions.show({ showTest: showTest.checked }));
  discretize.addEventListener('change', () => actions.show({ discretize: discretize.checked }));

  const resized = new ResizeObserver(() => {
    side = Math.floor(plot.clientWidth);
    if (shown) drawAll(shown);
  });
  resized.observe(plot);

  plot.addEventListener('pointermove', (event) => {
    const box = surface.getBoundingClientRect();
    const across = (event.clientX - box.left) / box.width;
    const up = 1 - (event.clientY - box.top) / box.height;
    pointer = across >= 0 && across < 1 && up > 0 && up <= 1 ? { across, up } : null;
    tooltip.move(event.clientX, event.clientY);
    readOut();
  });
  plot.addEventListener('pointerleave', () => {
    pointer = null;
    tooltip.hide();
  });

  /** Say what the network answers at the pointer. */
  function readOut() {
    const { data, picture, experiment } = shown ?? {};
    if (!pointer || !data || !picture?.output || !experiment || shown?.pointedAt) return;
    const { title, text } = reading(pointer, experiment.problem, data, picture.output);
    tooltip.say(title, text);
  }

  /** @param {PageState} state */
  function drawAll(state) {
    drawSurface(state);
    drawPoints(state);
    drawAxes(axes, state.data, side, coordinates);
  }

  /** @param {PageState} state */
  function drawSurface(state) {
    drawField(state, pointedMap(state, features), side);
  }

  /** @param {PageState} state */
  function drawPoints(state) {
    const { data, showTest: withTest } = state;
    if (!side) return;
    const ratio = fitToScreen(dots, side, side);
    pointsContext.setTransform(ratio, 0, 0, ratio, 0, 0);
    pointsContext.clearRect(0, 0, side, side);
    dots.toggleAttribute('data-faint', pointedMap(state, features) !== null);
    if (!data) return;
    if (withTest) drawSamples(pointsContext, data.test, data, side, palette(), true);
    drawSamples(pointsContext, data.train, data, side, palette(), false);
  }

  function describe() {
    timer = 0;
    describedAt = performance.now();
    if (shown) setText(spoken, description(shown));
  }

  return {
    update(state) {
      const old = shown;
      shown = state;
      const recolored = old?.paletteVersion !== state.paletteVersion;
      if (recolored || old?.data !== state.data) {
        drawAll(state);
        drawLegend(legend, state.data, palette());
        setText(slice, state.data?.slice ?? '');
      } else {
        if (
          old?.picture !== state.picture ||
          old.pointedAt !== state.pointedAt ||
          old.discretize !== state.discretize
        ) {
          drawSurface(state);
        }
        if (old?.showTest !== state.showTest || old.pointedAt !== state.pointedAt) drawPoints(state);
      }
      showTest.checked = state.showTest;
      discretize.checked = state.discretize;
      setText(heading, pointedMap(state, features)?.title ?? 'Output');
      if (old?.picture !== state.picture || old.run !== state.run || old.experiment !== state.experiment) {
        setText(caption, description(state));
        const wait = DESCRIBE_MS - (performance.now() - describedAt);
        if (wait <= 0 || !state.run?.playing || !state.picture) describe();
        else if (!timer) timer = window.setTimeout(describe, wait);
        readOut();
      }
    },
    destroy() {
      clearTimeout(timer);
      resized.disconnect();
    },
  };
}
