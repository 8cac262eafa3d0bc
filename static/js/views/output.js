/**
 * What the network answers over the plane, with the points that it learns from: the reward.
 */
import { addMarker, markerPath } from '../lib/points.js';
import { context2d, fitToScreen, paintField, scratchImage, weakened } from '../lib/canvas.js';
import { smooth, zeroLine } from '../lib/contour.js';
import { html, part, setText, svg } from '../lib/element.js';
import { counted, number, percent, whole } from '../lib/format.js';
import { ticks } from '../lib/ticks.js';

/** @import {View, Context} from '../view.js' */
/** @import {PageState, PlaneData} from '../store.js' */
/** @import {Layered} from '../lib/picture.js' */
/** @import {Points} from '../lib/points.js' */
/** @import {Palette} from '../palette.js' */

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
  const coordinates = choices.entries(choices.setting('features').registry ?? '').map(({ label }) => label);
  const surfaceContext = context2d(surface);
  const pointsContext = context2d(dots);
  const small = html('canvas', { width: 1, height: 1 });
  const smallContext = context2d(small);

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
    const { values, side: grid } = picture.output;
    const at = Math.floor((1 - pointer.up) * grid) * grid + Math.floor(pointer.across * grid);
    const [[left, right], [low, high]] = data.domain;
    const x = number(left + pointer.across * (right - left), 3);
    const y = number(low + pointer.up * (high - low), 3);
    tooltip.say(
      `${data.axes[0]} ${x}, ${data.axes[1]} ${y}`,
      answer(experiment.problem, data, values, at, grid),
    );
  }

  /** @param {PageState} state */
  function drawAll(state) {
    drawSurface(state);
    drawPoints(state);
    drawAxes(axes, state.data, side, coordinates);
  }

  /** @param {PageState} shownState */
  function drawSurface(shownState) {
    const { picture, experiment, discretize: inSteps } = shownState;
    if (!side || !picture || !experiment) return; // what was drawn last stands until there is something else
    const ratio = fitToScreen(surface, side, side);
    const context = surfaceContext;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, side, side);
    const map = pointedMap(shownState);
    const field = map?.field ?? picture.output;
    if (!field) return;
    if (small.width !== field.side) [small.width, small.height] = [field.side, field.side];
    if (map) paint(map.field, map.plane, weakened(palette().diverging, map.scale));
    else paintOutput(field, experiment.problem, inSteps);
    context.imageSmoothingEnabled = !inSteps || Boolean(map);
    context.imageSmoothingQuality = 'high';
    context.drawImage(small, 0, 0, side, side);
    if (!map) drawBorder(context, field, experiment.problem);
  }

  /**
   * @param {Layered} field
   * @param {number} plane
   * @param {Uint32Array} table
   */
  function paint({ values, side: grid }, plane, table) {
    paintField(smallContext, values, plane * grid * grid, grid, table);
  }

  /**
   * @param {Layered} field
   * @param {string} problem
   * @param {boolean} inSteps
   */
  function paintOutput(field, problem, inSteps) {
    const colors = palette();
    if (problem === 'binary') {
      paint(field, 0, inSteps ? colors.twoClasses : colors.diverging);
    } else if (problem === 'regression') {
      paint(field, 0, inSteps ? colors.divergingSteps : colors.diverging);
    } else {
      const { image, pixels } = scratchImage(field.side);
      const { values } = field;
      const tables = colors.classes.map((_, kind) => colors.confidence(kind));
      for (let at = 0; at < pixels.length; at++) {
        const kind = values[at] % tables.length;
        pixels[at] = inSteps ? colors.classPixels[kind] : tables[kind][values[at + pixels.length]];
      }
      smallContext.putImageData(image, 0, 0);
    }
  }

  /**
   * Draw where one class gives way to another.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {Layered} field
   * @param {string} problem
   */
  function drawBorder(context, field, problem) {
    if (problem === 'regression') return;
    context.beginPath();
    for (const margins of classMargins(field, problem)) {
      smooth(margins, field.side);
      smooth(margins, field.side);
      const line = zeroLine(margins, field.side);
      for (let at = 0; at < line.length; at += 4) {
        context.moveTo(line[at] * side, line[at + 1] * side);
        context.lineTo(line[at + 2] * side, line[at + 3] * side);
      }
    }
    context.lineCap = 'round';
    context.strokeStyle = palette().ink;
    context.globalAlpha = 0.55;
    context.lineWidth = 1.25;
    context.stroke();
    context.globalAlpha = 1;
  }

  /** @param {PageState} state */
  function drawPoints(state) {
    const { data, showTest: withTest } = state;
    if (!side) return;
    const ratio = fitToScreen(dots, side, side);
    pointsContext.setTransform(ratio, 0, 0, ratio, 0, 0);
    pointsContext.clearRect(0, 0, side, side);
    dots.toggleAttribute('data-faint', pointedMap(state) !== null);
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
        drawLegend(legend, state, palette());
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
      setText(heading, pointedMap(state)?.title ?? 'Output');
      if (old?.picture !== state.picture || old.run !== state.run || old.experiment !== state.experiment) {
        setText(caption, description(state));
        const wait = DESCRIBE_MS - (performance.now() - describedAt);
        if (wait <= 0 || !state.run?.playing) describe();
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

/**
 * Return the map of the neuron at the pointer, unless that is the output itself.
 *
 * @param {PageState} state
 * @returns {{field: Layered, plane: number, scale: number, title: string} | null} - `scale` is what 255 stands for, if that is little
 */
function pointedMap({ pointedAt, experiment, picture, data }) {
  if (!pointedAt || !experiment || !data) return null;
  const { layers, inputs } = experiment;
  const { layer, unit } = pointedAt;
  if (layer === 0) {
    const count = inputs.length;
    const field = { values: data.inputMaps, count, side: Math.sqrt(data.inputMaps.length / count) };
    const title = `Input ${inputs[unit]?.label}`;
    return unit < count ? { field, plane: unit, scale: data.inputScales[unit], title } : null;
  }
  if (layer >= layers.length - 1 || unit >= layers[layer] || !picture?.maps) return null;
  const plane = layers.slice(1, layer).reduce((sum, units) => sum + units, unit);
  const title = `Layer ${layer}, neuron ${unit + 1}`;
  return plane < picture.maps.count ? { field: picture.maps, plane, scale: 1, title } : null;
}

/**
 * @param {PageState} state
 * @returns {string} what the picture shows, in a sentence
 */
function description({ picture, data, experiment, run }) {
  if (!picture?.losses || !data || !experiment || !run) return '';
  if (picture.step === 0 && !run.playing && !run.stopped) {
    return 'Not trained yet: the first weights are random. Press Play.';
  }
  const accuracy = picture.losses[3];
  const after = `After ${counted(picture.epoch, 'epoch')}`;
  if (experiment.problem === 'regression') return `${after}: R² ${number(accuracy, 3)} on the test points`;
  const wrong = Math.round((1 - accuracy) * data.test.count);
  return `${after}: ${whole(wrong)} of ${counted(data.test.count, 'test point')} wrong`;
}

/**
 * @param {string} problem
 * @param {PlaneData} data
 * @param {Uint8Array} values
 * @param {number} at
 * @param {number} grid
 * @returns {string}
 */
function answer(problem, data, values, at, grid) {
  const share = values[at] / 255;
  if (problem === 'regression') {
    const [low, high] = data.valueRange;
    return number(low + share * (high - low), 2);
  }
  if (problem === 'binary') {
    return share >= 0.5
      ? `${data.classes[1]} ${percent(share, 0)}`
      : `${data.classes[0]} ${percent(1 - share, 0)}`;
  }
  return `${data.classes[values[at]]} ${percent(values[at + grid * grid] / 255, 0)}`;
}

/**
 * Return fields that are above 0 where a class is the likeliest: one for two classes, else one for each but the last.
 *
 * @param {Layered} field
 * @param {string} problem
 * @returns {Float32Array[]}
 */
function classMargins({ values, side }, problem) {
  const pixels = side * side;
  if (problem === 'binary') {
    const margins = new Float32Array(pixels);
    for (let at = 0; at < pixels; at++) margins[at] = values[at] - 127.5;
    return [margins];
  }
  let classes = 0;
  for (let at = 0; at < pixels; at++) classes = Math.max(classes, values[at] + 1);
  return Array.from({ length: classes - 1 }, (_, kind) => {
    const margins = new Float32Array(pixels);
    for (let at = 0; at < pixels; at++) {
      // How much likelier than the runner-up, if those two were the only ones: right where it matters, at the border.
      const margin = Math.max(2, 2 * values[at + pixels] - 255);
      margins[at] = values[at] === kind ? margin : -margin;
    }
    return margins;
  });
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Points} points
 * @param {PlaneData} data
 * @param {number} side - CSS pixels
 * @param {Palette} palette
 * @param {boolean} hollow - for points that only test
 */
function drawSamples(context, points, { domain, classes, valueRange }, side, palette, hollow) {
  const [[left, right], [low, high]] = domain;
  const crowded = points.count > 1200 ? 0.7 : 1;
  const radius = Math.max(2.4, side / 112) * crowded;
  const greatest = Math.max(...valueRange.map(Math.abs)) || 1;
  const kinds = Math.max(1, classes.length);
  context.lineJoin = 'round';
  /** @param {(index: number) => boolean} wanted */
  const trace = (wanted, kind = 0) => {
    context.beginPath();
    for (let index = 0; index < points.count; index++) {
      if (!wanted(index)) continue;
      const x = ((points.x[index] - left) / (right - left)) * side;
      const y = (1 - (points.y[index] - low) / (high - low)) * side;
      addMarker(context, kind, x, y, radius);
    }
  };
  if (classes.length > 0) {
    for (let kind = 0; kind < kinds; kind++) {
      trace((index) => points.target[index] === kind, kind);
      context.lineWidth = hollow ? 4 : 2.5;
      context.strokeStyle = hollow ? palette.ink : palette.paper;
      context.stroke();
      if (hollow) {
        context.lineWidth = 2.4;
        context.strokeStyle = palette.classes[kind % palette.classes.length];
        context.stroke();
      }
      context.fillStyle = hollow ? palette.paper : palette.classes[kind % palette.classes.length];
      context.fill();
    }
    return;
  }
  // Values: a dot's colour is its own, so each is a path of its own.
  for (let index = 0; index < points.count; index++) {
    trace((other) => other === index);
    context.lineWidth = hollow ? 3 : 1.6;
    context.strokeStyle = hollow ? palette.ink : palette.muted;
    context.stroke();
    context.fillStyle = palette.value(points.target[index] / greatest);
    context.fill();
  }
}

/**
 * @param {SVGSVGElement} root
 * @param {PlaneData | null} data
 * @param {number} side - CSS pixels
 * @param {string[]} coordinates - what the network's inputs call the two axes
 */
function drawAxes(root, data, side, coordinates) {
  root.replaceChildren();
  if (!data || !side) return;
  const [[left, right], [low, high]] = data.domain;
  const across = ticks(left, right, 5).map((value) => {
    const x = ((value - left) / (right - left)) * side;
    return svg('text', { x, y: side + 16, class: 'axis-tick', 'text-anchor': 'middle' }, number(value));
  });
  const up = ticks(low, high, 5).map((value) => {
    const y = (1 - (value - low) / (high - low)) * side;
    return svg('text', { x: -7, y: y + 3.5, class: 'axis-tick', 'text-anchor': 'end' }, number(value));
  });
  const middle = side / 2;
  const [nameAcross, nameUp] = data.axes.map((name, direction) =>
    name === coordinates[direction] ? name : `${coordinates[direction]} = ${name}`,
  );
  const attributes = { class: 'axis-name', 'text-anchor': 'middle' };
  root.append(
    ...across,
    ...up,
    svg('text', { x: middle, y: side + 34, ...attributes }, nameAcross),
    svg('text', { transform: `translate(-34 ${middle}) rotate(-90)`, ...attributes }, nameUp),
  );
}

/**
 * @param {HTMLElement} root
 * @param {PageState} state
 * @param {Palette} palette
 */
function drawLegend(root, { data }, palette) {
  root.replaceChildren();
  if (!data) return;
  if (data.classes.length === 0) {
    const bar = html('canvas', { class: 'legend-bar', width: 256, height: 1, 'aria-hidden': 'true' });
    const context = context2d(bar);
    const image = new ImageData(256, 1);
    new Uint32Array(image.data.buffer).set(palette.diverging);
    context.putImageData(image, 0, 0);
    const [low, high] = data.valueRange;
    root.append(html('span', {}, number(low, 2)), bar, html('span', {}, number(high, 2)));
  }
  data.classes.forEach((label, kind) => {
    const mark = svg('path', {
      d: markerPath(kind, 5),
      fill: palette.classes[kind % palette.classes.length],
    });
    const icon = svg('svg', { viewBox: '-8 -8 16 16', class: 'legend-mark', 'aria-hidden': 'true' }, mark);
    root.append(html('span', { class: 'legend-item' }, icon, label));
  });
}
