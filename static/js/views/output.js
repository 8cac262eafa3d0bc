/**
 * What the network answers over the plane, with the points that it learns from: the reward.
 */
import { context2d, fitToScreen } from '../lib/canvas.js';
import { part, setText } from '../lib/element.js';
import { attachMenu } from '../lib/menu.js';
import { t } from '../lib/words.js';
import { drawAxes } from './output/axes.js';
import { createLegend, fittingBrush } from './output/legend.js';
import { drawMarks } from './output/marks.js';
import { createPictureFields } from './output/picture-fields.js';
import { nearest, placeOf, testPointIsSeen } from './output/plane.js';
import { drawSamples } from './output/points.js';
import { createReadout } from './output/readout.js';
import { createSurface, curvePoints, pointedMap, strokeCurve } from './output/surface.js';
import { createPointTools } from './output/tools.js';
import { description } from './output/words.js';

/** @import {View, Context} from '../view.js' */
/** @import {PageState} from '../store.js' */
/** @import {PictureFormat} from '../lib/save-picture.js' */
/** @import {Place} from './output/plane.js' */

/** While it trains, words for those who cannot see the picture come no oftener than they can be heard. */
const DESCRIBE_MS = 5000;

/** How far the crosshair goes with one press of an arrow key, as shares of the picture's side. */
const STEP = 0.02;
const LARGE_STEP = 0.1;

/** How near a point has to be to be picked, likewise. */
const PICK = 0.06;

/** @type {Record<string, [across: number, up: number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };

/**
 * @param {HTMLElement} root
 * @param {Context} context
 * @returns {View}
 */
export function mount(root, context) {
  const { choices, actions, palette, tooltip, drawings } = context;
  const plot = part(root, '.output-plot', HTMLElement);
  const surface = part(root, '.output-surface', HTMLCanvasElement);
  const dots = part(root, '.output-points', HTMLCanvasElement);
  const marks = part(root, '.output-marks', HTMLCanvasElement);
  const axes = part(root, '.output-axes', SVGSVGElement);
  const head = part(root, '.output-head', HTMLElement);
  const heading = part(root, '.output-heading', HTMLElement);
  const caption = part(root, '.output-caption', HTMLElement);
  const spoken = part(root, '.output-description', HTMLElement);
  const announced = part(root, '.output-reading', HTMLElement);
  const empty = part(root, '.output-empty', HTMLElement);
  const slice = part(root, '.output-slice', HTMLElement);
  const showTest = part(root, '.output-show-test', HTMLInputElement);
  const discretize = part(root, '.output-discretize', HTMLInputElement);
  const markWrong = part(root, '.output-mark-wrong', HTMLInputElement);
  const markable = part(root, '.output-markable', HTMLElement);
  const coordinates = choices.entries(choices.setting('features').registry ?? '').map(({ label }) => label);
  const drawField = createSurface(surface, palette);
  const pointsContext = context2d(dots);
  const marksContext = context2d(marks);

  /** @type {PageState | null} */
  let shown = null;
  /** @type {PageState | null} the state that was last told in words */
  let told = null;
  let side = 0;
  let describedAt = 0;
  let timer = 0;
  let scheduled = 0;
  /** @type {Place | null} */
  let pointer = null;
  /** @type {Place | null} the place that is moved by keys, while it is */
  let crosshair = null;

  const drawLegend = createLegend(part(root, '.output-legend', HTMLElement), context);
  const readout = createReadout(context, (sentence) => {
    if (crosshair) setText(announced, sentence);
  });
  const tools = createPointTools(
    part(root, '.output-tools', HTMLElement),
    part(root, '.output-error', HTMLElement),
    context,
    () => {
      scheduled ||= requestAnimationFrame(() => {
        scheduled = 0;
        if (shown) drawPoints(shown);
      });
    },
  );
  const fields = createPictureFields(part(root, '.output-fields', HTMLElement), context, (picking) => {
    plot.toggleAttribute('data-picking', picking);
    if (shown) tell(shown);
  });
  attachMenu(part(root, '.output-save', HTMLButtonElement), [
    { label: t('Picture (PNG)'), run: () => void save('png') },
    { label: t('Picture (SVG)'), run: () => void save('svg') },
  ]);

  /** @param {PictureFormat} format */
  async function save(format) {
    const { saveOutput } = await import('./output/save.js');
    if (shown) await saveOutput(shown, format, palette(), { markWrong: shown.markWrong, axes });
  }

  drawings.output = async () => {
    const { drawOutput } = await import('./output/save.js');
    return () => (shown ? [drawOutput(shown, palette(), { markWrong: shown.markWrong, axes })] : []);
  };
  drawings.thumbnail = async () => {
    const { thumbnail } = await import('./output/thumbnail.js');
    return () => (shown ? thumbnail(shown, palette()) : '');
  };

  showTest.addEventListener('change', () => actions.show({ showTest: showTest.checked }));
  discretize.addEventListener('change', () => actions.show({ discretize: discretize.checked }));
  markWrong.addEventListener('change', () => actions.show({ markWrong: markWrong.checked }));

  const resized = new ResizeObserver(() => {
    side = Math.floor(plot.clientWidth);
    if (shown) drawAll(shown);
  });
  resized.observe(plot);

  /**
   * @param {PointerEvent} event
   * @returns {Place} also outside of the picture
   */
  function placeAt(event) {
    const box = surface.getBoundingClientRect();
    return { across: (event.clientX - box.left) / box.width, up: 1 - (event.clientY - box.top) / box.height };
  }

  plot.addEventListener('pointerdown', (event) => {
    const place = placeAt(event);
    if (event.button !== 0 || !isInside(place)) return;
    crosshair = null;
    pointer = place;
    if (fields.picking()) pick(place);
    else tools.press(place);
    if (tools.pressed()) {
      plot.setPointerCapture(event.pointerId);
      readout.at(null);
    }
    if (shown) overlay(shown);
  });
  plot.addEventListener('pointermove', (event) => {
    // All the places on the way since the last picture of the screen, so that a fast stroke is a line.
    const way = tools.pressed() ? event.getCoalescedEvents() : [];
    for (const passed of way.length ? way : [event]) pointer = placeAt(passed);
    for (const passed of way) {
      const place = placeAt(passed);
      if (isInside(place)) tools.drag(place);
    }
    crosshair = null;
    if (pointer && !isInside(pointer)) pointer = null;
    tooltip.move(event.clientX, event.clientY);
    readout.at(readsAtPointer() ? pointer : null);
    if (shown) overlay(shown);
  });
  for (const end of ['pointerup', 'pointercancel']) plot.addEventListener(end, () => tools.release());
  plot.addEventListener('pointerleave', () => {
    pointer = null;
    if (!crosshair) readout.at(null);
    if (shown) overlay(shown);
  });

  plot.addEventListener('keydown', (event) => {
    const arrow = ARROWS[event.key];
    if (arrow) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const step = event.shiftKey ? LARGE_STEP : STEP;
      const { across, up } = crosshair ?? pointer ?? { across: 0.5, up: 0.5 };
      // The first press shows where the crosshair is; the next ones move it.
      const [right, above] = crosshair ? arrow : [0, 0];
      moveCrosshair({ across: withinOne(across + right * step), up: withinOne(up + above * step) });
    } else if (event.key === 'Escape' && (crosshair || fields.picking())) {
      if (fields.picking()) fields.pick(null);
      tools.release();
      leave();
    } else if (event.key === 'Enter' && crosshair) {
      if (fields.picking()) pick(crosshair);
      else if (tools.pressed()) tools.release();
      else {
        tools.press(crosshair);
        // A point in hand goes with the arrow keys until Enter puts it down.
        if (shown?.tool !== 'move') tools.release();
      }
      if (shown) overlay(shown);
    } else {
      return;
    }
    event.preventDefault();
  });
  plot.addEventListener('blur', () => {
    if (crosshair) tools.release();
    leave();
  });

  /** @param {Place} place */
  function moveCrosshair(place) {
    crosshair = place;
    pointer = null;
    const box = surface.getBoundingClientRect();
    tooltip.move(box.left + place.across * box.width, box.top + (1 - place.up) * box.height);
    if (tools.pressed()) tools.drag(place);
    readout.at(place);
    if (shown) overlay(shown);
  }

  function leave() {
    if (!crosshair) return;
    crosshair = null;
    setText(announced, '');
    readout.at(null);
    if (shown) overlay(shown);
  }

  /** @returns {boolean} whether the pointer is there to look, not to do something */
  function readsAtPointer() {
    return !tools.pressed() && (shown?.tool === 'look' || !shown?.data?.editable);
  }

  /** @param {Place} place */
  function pick(place) {
    const { data, showTest: withTest = false } = shown ?? {};
    const found = data && nearest(data, place, withTest, PICK);
    if (found) fields.pick(found.index);
  }

  /** @param {PageState} state */
  function drawAll(state) {
    drawSurface(state);
    drawPoints(state);
    drawAxes(axes, state.data, side, coordinates);
  }

  /** @param {PageState} state */
  function drawSurface(state) {
    drawField(state, pointedMap(state), side);
  }

  /** @param {PageState} state */
  function drawPoints(state) {
    const { data, showTest: withTest } = state;
    if (!side) return;
    const ratio = fitToScreen(dots, side, side);
    pointsContext.setTransform(ratio, 0, 0, ratio, 0, 0);
    pointsContext.clearRect(0, 0, side, side);
    dots.toggleAttribute('data-faint', pointedMap(state) !== null);
    if (data) {
      const { train, test } = data;
      /**
       * @param {typeof train} points
       * @param {number} at
       */
      const isThere = ({ index, across, up }, at) =>
        !tools.hides(index[at], { across: across[at], up: up[at] });
      drawSamples(
        pointsContext,
        test,
        data,
        side,
        palette(),
        true,
        (at) => testPointIsSeen(data, test.index[at], withTest) && isThere(test, at),
      );
      drawSamples(pointsContext, train, data, side, palette(), false, (at) => isThere(train, at));
      const added = tools.added();
      const places = added.map(([x, y]) => placeOf(data, x, y));
      const points = {
        index: new Uint32Array(added.length),
        across: Float32Array.from(places, ({ across }) => across),
        up: Float32Array.from(places, ({ up }) => up),
        target: Float32Array.from(added, ([, , target]) => target),
        count: added.length,
      };
      drawSamples(pointsContext, points, data, side, palette(), false, () => true);
    }
    overlay(state);
  }

  /** @param {PageState} state */
  function overlay(state) {
    const { data, picture, run, showTest: withTest, markWrong: marked, pointedAt } = state;
    if (!side) return;
    const ratio = fitToScreen(marks, side, side);
    marksContext.setTransform(ratio, 0, 0, ratio, 0, 0);
    marksContext.clearRect(0, 0, side, side);
    if (!data || pointedAt) return;
    // Over the points: it is what they are there for.
    if (picture?.curve) strokeCurve(marksContext, curvePoints(state), side, palette());
    const at = crosshair ?? pointer;
    drawMarks(marksContext, data, side, palette(), {
      mistakes: marked ? (picture?.mistakes ?? null) : null,
      lastBatch: run?.last_batch ?? [],
      showTest: withTest,
      crosshair,
      hint: at && !fields.picking() ? tools.hint(at) : null,
    });
  }

  /** @param {PageState} state */
  function tell(state) {
    setText(
      caption,
      fields.picking() ? t('Click the point that the slice is to go through.') : description(state),
    );
  }

  function describe() {
    timer = 0;
    describedAt = performance.now();
    if (shown) setText(spoken, description(shown));
  }

  /**
   * Take up the tool that suits the data: an empty picture is there to be filled.
   *
   * @param {PageState | null} old
   * @param {PageState} state
   */
  function chooseTool(old, { data, experiment, tool, brush }) {
    if (!data || !experiment) return;
    const isNew = old?.experiment?.config.dataset !== experiment.config.dataset || old?.data === null;
    const blank = data.editable && data.train.count + data.test.count === 0;
    const suiting = !data.editable ? 'look' : !isNew ? tool : blank ? 'add' : 'look';
    const fitting = fittingBrush(brush, data);
    if (suiting !== tool || fitting !== brush) actions.show({ tool: suiting, brush: fitting });
  }

  return {
    update(state, digits = true) {
      const old = shown;
      shown = state;
      fields.update(state);
      tools.update(state);
      const recolored = old?.paletteVersion !== state.paletteVersion;
      if (recolored || old?.data !== state.data) {
        drawAll(state);
        setText(slice, state.data?.slice ?? '');
        empty.hidden = !state.data?.editable || state.data.train.count + state.data.test.count > 0;
      } else {
        if (
          old?.picture !== state.picture ||
          old.pointedAt !== state.pointedAt ||
          old.pointedSpare !== state.pointedSpare ||
          old.discretize !== state.discretize
        ) {
          drawSurface(state);
        }
        if (
          old?.showTest !== state.showTest ||
          old.pointedAt !== state.pointedAt ||
          old.pointedSpare !== state.pointedSpare
        )
          drawPoints(state);
        else if (
          old.run?.last_batch !== state.run?.last_batch ||
          old.tool !== state.tool ||
          old.brush !== state.brush ||
          old.markWrong !== state.markWrong ||
          ((state.markWrong || state.data?.curve) && old.picture !== state.picture)
        ) {
          overlay(state);
        }
      }
      if (old?.data !== state.data || old?.experiment !== state.experiment) {
        chooseTool(old, state);
        markable.hidden = state.experiment?.problem === 'regression';
      }
      if (old?.data !== state.data || old?.tool !== state.tool) {
        plot.dataset.tool = state.data?.editable ? state.tool : 'look';
      }
      drawLegend(state);
      showTest.checked = state.showTest;
      discretize.checked = state.discretize;
      markWrong.checked = state.markWrong;
      const map = pointedMap(state);
      head.toggleAttribute('data-pointed', map !== null);
      setText(heading, map?.title ?? t('Output'));
      if (
        digits &&
        (told?.picture !== state.picture ||
          told.run !== state.run ||
          told.experiment !== state.experiment ||
          told.data !== state.data)
      ) {
        told = state;
        tell(state);
        const wait = DESCRIBE_MS - (performance.now() - describedAt);
        if (wait <= 0 || !state.run?.playing || !state.picture) describe();
        else if (!timer) timer = window.setTimeout(describe, wait);
      }
      readout.update(state);
    },
    destroy() {
      clearTimeout(timer);
      cancelAnimationFrame(scheduled);
      resized.disconnect();
      readout.destroy();
      tools.destroy();
    },
  };
}

/** @param {number} share */
function withinOne(share) {
  return Math.min(1, Math.max(0, Math.round(share * 1000) / 1000));
}

/** @param {Place} place */
function isInside({ across, up }) {
  return across >= 0 && across <= 1 && up >= 0 && up <= 1;
}
