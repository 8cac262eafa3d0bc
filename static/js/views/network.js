/**
 * The network: inputs, hidden layers and outputs from left to right, every neuron with its map, every edge with its
 * weight.
 */
import { context2d, fitToScreen, paintField, scratchImage, weakened } from '../lib/canvas.js';
import { html, part, setText, svg } from '../lib/element.js';
import { addDashes, trackOf } from '../lib/flow.js';
import { counted, number, whole } from '../lib/format.js';
import { curvePath, distanceToCurve, layOut, leastWidth } from '../lib/layout.js';
import { createGlide } from '../lib/motion.js';
import { markerPath } from '../lib/points.js';
import { edgesToDraw, gapsOf } from '../lib/weights.js';

/** @import {Experiment} from '../protocol.js' */
/** @import {View, Context} from '../view.js' */
/** @import {Neuron, PageState, PlaneData} from '../store.js' */
/** @import {Picture} from '../lib/picture.js' */
/** @import {Curve, Column} from '../lib/layout.js' */
/** @import {Track} from '../lib/flow.js' */
/** @import {Edge, Gap} from '../lib/weights.js' */
/** @import {Spot} from '../lib/motion.js' */

/** More edges cannot be told apart, and would cost more than the training. */
const MOST_EDGES = 700;

/** While only the strongest edges are drawn, how often they are chosen anew. */
const CHOOSE_MS = 500;

/** Where something is seen to flow while it trains: along so many edges, and none weaker than this. */
const MOST_TRACKS = 60;
const LEAST_TRACK = 0.3;

/** Least time between two steps of the flow: without a graphics card each costs as much as a picture. */
const FLOW_MS = 30;

const DASHES = { dash: 4, period: 20 }; // pixels

/** Pixels around an edge within which it is meant by the pointer. */
const REACH = 9;

/** Nodes smaller than this are dots without a map. */
const LEAST_MAP = 13;

/**
 * @typedef {Object} Node
 * @property {string} key
 * @property {HTMLElement} element
 * @property {HTMLCanvasElement} canvas
 * @property {CanvasRenderingContext2D} context
 * @property {HTMLElement | null} bias
 */

/** @typedef {{edge: Edge, path: SVGPathElement, color: string, width: string, opacity: string}} DrawnEdge */

/**
 * @param {HTMLElement} root
 * @param {Context} context
 * @returns {View}
 */
export function mount(root, { choices, actions, palette, tooltip }) {
  const scroller = part(root, '.network-scroller', HTMLElement);
  const stage = part(root, '.network-stage', HTMLElement);
  const edgeGroup = part(root, '.network-edges', SVGGElement);
  const flow = part(root, '.network-flow', HTMLCanvasElement);
  const flowContext = context2d(flow);
  const wires = part(root, '.network-wires', SVGGElement);
  const pointedPath = part(root, '.network-pointed', SVGPathElement);
  const nodeRoot = part(root, '.network-nodes', HTMLElement);
  const headRoot = part(root, '.network-heads', HTMLElement);
  const addLayer = part(root, '.add-layer', HTMLButtonElement);
  const removeLayer = part(root, '.remove-layer', HTMLButtonElement);
  const layerCount = part(root, '.layer-count', HTMLElement);
  const facts = part(root, '.network-facts', HTMLElement);
  const stopped = part(root, '.network-stopped', HTMLElement);
  const refused = part(root, '.network-refused', HTMLElement);
  const features = choices.entries(choices.setting('features').registry ?? '');
  const reducedMotion = window.matchMedia('(prefers-reduced-motion: reduce)');

  /** @type {Map<string, Node>} */
  let nodes = new Map();
  /** @type {Map<string, HTMLElement>} */
  const captions = new Map();
  /** @type {{element: HTMLElement, count: HTMLElement, add: HTMLButtonElement, remove: HTMLButtonElement}[]} */
  const heads = [];
  /** @type {DrawnEdge[]} */
  let edges = [];
  /** @type {Gap[]} */
  let gaps = [];
  /** @type {string[][]} keys of the nodes of each layer of the network, without inactive features */
  let layerKeys = [];
  const glide = createGlide(() => reducedMotion.matches);
  let moving = 0;
  let flowing = 0;
  let travelled = 0;
  /** @type {Track[]} */
  let tracks = [];
  let chosenAt = 0;
  let tracksChosenAt = 0;
  let everyEdge = true;
  /** @type {PageState | null} */
  let shown = null;
  /** @type {{edge: DrawnEdge} | {neuron: Neuron} | null} */
  let pointed = null;
  /** @type {{x: number, y: number} | null} */
  let pointer = null;

  // ------------------------------------------------------------------ editing

  /** @returns {number[]} */
  const hidden = () => /** @type {number[]} */ (shown?.experiment?.config.hidden ?? []);

  /** @param {number[]} units */
  const changeHidden = (units) => void actions.change({ hidden: units });

  addLayer.addEventListener('click', () => changeHidden([...hidden(), hidden().at(-1) ?? 4]));
  removeLayer.addEventListener('click', () => changeHidden(hidden().slice(0, -1)));

  /**
   * @param {number} layer - from 0
   * @param {number} more
   */
  function resize(layer, more) {
    changeHidden(hidden().map((units, index) => (index === layer ? units + more : units)));
  }

  /** @param {string} feature */
  function toggle(feature) {
    const chosen = /** @type {string[]} */ (shown?.experiment?.config.features ?? []);
    const wish = chosen.includes(feature) ? chosen.filter((name) => name !== feature) : [...chosen, feature];
    void actions.change({ features: wish });
  }

  // ------------------------------------------------------------------ building

  /**
   * @param {string} key
   * @param {HTMLElement} element
   * @param {boolean} hasBias
   * @returns {Node}
   */
  function createNode(key, element, hasBias) {
    const canvas = html('canvas', { class: 'node-map', width: 1, height: 1 });
    const bias = hasBias ? html('span', { class: 'node-bias' }) : null;
    element.append(canvas);
    if (bias) element.append(bias);
    return { key, element, canvas, context: context2d(canvas), bias };
  }

  /**
   * @param {string} key
   * @param {() => Node} create
   * @param {Map<string, Node>} kept
   */
  function keep(key, create, kept) {
    const node = nodes.get(key) ?? create();
    if (!nodes.has(key)) nodeRoot.append(node.element);
    kept.set(key, node);
  }

  /**
   * Make the elements of a network: those that it shares with the one before stay.
   *
   * @param {Experiment} experiment
   */
  function build(experiment) {
    /** @type {Map<string, Node>} */
    const kept = new Map();
    for (const { name, label, help } of features) {
      keep(`feature ${name}`, () => createFeature(name, label, help), kept);
    }
    const extras = experiment.inputs.filter(({ feature }) => !feature);
    for (const { label } of extras) {
      keep(`column ${label}`, () => createExtra(label), kept);
    }
    experiment.layers.slice(1).forEach((units, index) => {
      const output = index === experiment.layers.length - 2;
      for (let unit = 0; unit < units; unit++) {
        const key = output ? `output ${unit}` : `hidden ${index} ${unit}`;
        keep(key, () => createNeuron(key, output), kept);
      }
    });
    for (const [key, node] of nodes) if (!kept.has(key)) node.element.remove();
    for (const [key, caption] of captions) {
      if (kept.has(key)) continue;
      caption.remove();
      captions.delete(key);
    }
    nodes = kept;
    layerKeys = [
      experiment.inputs.map(({ feature, label }) => (feature ? `feature ${feature}` : `column ${label}`)),
      ...experiment.layers.slice(1, -1).map((units, index) => keysOf(`hidden ${index}`, units)),
      keysOf('output', experiment.layers.at(-1) ?? 0),
    ];
    layerKeys
      .slice(1)
      .forEach((keys, index) => keys.forEach((key, unit) => nameNeuron(key, index + 1, unit, experiment)));
    gaps = gapsOf(experiment.layers);
    buildHeads(experiment);
  }

  /**
   * @param {string} name
   * @param {string} label
   * @param {string} help
   */
  function createFeature(name, label, help) {
    const key = `feature ${name}`;
    const button = html('button', {
      type: 'button',
      class: 'node node-feature',
      'aria-label': label,
      title: help,
    });
    button.addEventListener('click', () => toggle(name));
    caption(key, label);
    return createNode(key, button, false);
  }

  /** @param {string} label */
  function createExtra(label) {
    const key = `column ${label}`;
    caption(key, label);
    return createNode(
      key,
      html('div', { class: 'node node-extra', role: 'img', 'aria-label': label }),
      false,
    );
  }

  /**
   * @param {string} key
   * @param {boolean} output
   */
  function createNeuron(key, output) {
    return createNode(
      key,
      html('div', { class: `node ${output ? 'node-output' : 'node-hidden'}`, role: 'img' }),
      true,
    );
  }

  /**
   * @param {string} key
   * @param {string} text
   */
  function caption(key, text) {
    if (captions.has(key)) return;
    const element = html('span', { class: 'node-caption', 'aria-hidden': 'true' }, text);
    captions.set(key, element);
    nodeRoot.append(element);
  }

  /**
   * @param {string} key
   * @param {number} layer
   * @param {number} unit
   * @param {Experiment} experiment
   */
  function nameNeuron(key, layer, unit, experiment) {
    nodes
      .get(key)
      ?.element.setAttribute('aria-label', neuronName({ layer, unit }, experiment, shown?.data ?? null));
  }

  /** @param {Experiment} experiment */
  function buildHeads({ layers }) {
    const units = layers.slice(1, -1);
    while (heads.length > units.length) heads.pop()?.element.remove();
    while (heads.length < units.length) {
      const layer = heads.length;
      const add = html('button', { type: 'button', class: 'small-button' }, '+');
      const remove = html('button', { type: 'button', class: 'small-button' }, '−');
      add.setAttribute('aria-label', `Add neuron to hidden layer ${layer + 1}`);
      remove.setAttribute('aria-label', `Remove neuron from hidden layer ${layer + 1}`);
      add.addEventListener('click', () => resize(layer, 1));
      remove.addEventListener('click', () => resize(layer, -1));
      const count = html('span', { class: 'head-count' });
      const element = html(
        'div',
        { class: 'layer-head', role: 'group', 'aria-label': `Hidden layer ${layer + 1}` },
        remove,
        count,
        add,
      );
      heads.push({ element, count, add, remove });
      headRoot.append(element);
    }
    const least = choices.setting('hidden').number?.minimum ?? 1;
    heads.forEach(({ count, remove }, index) => {
      const [digits, word] = counted(units[index], 'neuron').split(' ');
      count.replaceChildren(digits, html('span', { class: 'head-word' }, ` ${word}`));
      remove.disabled = units[index] <= least;
    });
    setText(layerCount, counted(units.length, 'hidden layer'));
    removeLayer.disabled = units.length === 0;
  }

  // ------------------------------------------------------------------ placing

  /** Work out where everything belongs, and let it glide there. */
  function place() {
    if (!shown?.experiment || !stage.clientHeight) return;
    const { layers, problem, inputs } = shown.experiment;
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const named = inputs.some(({ feature }) => !feature);
    const room = {
      left: (named ? 7.2 : 3.6) * rem,
      right: (problem === 'multiclass' ? 6.4 : 2.6) * rem,
      top: 3.1 * rem,
      node: Math.max(3.8 * rem, 0.06 * scroller.clientWidth),
      width: 0,
      height: stage.clientHeight,
    };
    const inputKeys = [...nodes.keys()].filter(
      (key) => key.startsWith('feature') || key.startsWith('column'),
    );
    const units = [inputKeys.length, ...layers.slice(1)];
    room.width = Math.max(scroller.clientWidth, leastWidth(units.length, room));
    stage.style.width = `${room.width}px`;
    const columns = layOut(units, room);
    /** @type {Map<string, Spot>} */
    const targets = new Map();
    [inputKeys, ...layerKeys.slice(1)].forEach((keys, index) => {
      const { x, y, size } = columns[index];
      keys.forEach((key, unit) => targets.set(key, { x, y: y[unit], size }));
    });
    const roomy = columns.length > 1 && columns[1].x - columns[0].x > 8.5 * rem;
    headRoot.toggleAttribute('data-roomy', roomy);
    headRoot.toggleAttribute('data-tight', columns.length > 1 && columns[1].x - columns[0].x < 4.7 * rem);
    heads.forEach((_, index) => targets.set(`head ${index}`, { x: columns[index + 1].x, y: 0, size: 0 }));
    glide.to(targets, performance.now());
    chooseEdges();
    drawWires(columns.at(-1), room);
    move();
  }

  /** Put everything at its present place, and go on while something is still moving. */
  function move() {
    cancelAnimationFrame(moving);
    const more = glide.advance(performance.now());
    for (const [key, { element }] of nodes) {
      const { x, y, size } = glide.at(key);
      element.style.transform = `translate(${(x - size / 2).toFixed(1)}px, ${(y - size / 2).toFixed(1)}px)`;
      element.style.width = element.style.height = `${size.toFixed(1)}px`;
      element.toggleAttribute('data-dot', size < LEAST_MAP);
      const text = captions.get(key);
      if (text) {
        const left = key.startsWith('output') ? x + size / 2 : x - size / 2;
        text.style.transform = `translate(${left.toFixed(1)}px, ${y.toFixed(1)}px)`;
      }
    }
    heads.forEach(({ element }, index) => {
      element.style.transform = `translateX(${glide.at(`head ${index}`).x.toFixed(1)}px) translateX(-50%)`;
    });
    for (const drawn of edges) drawn.path.setAttribute('d', curvePath(curveOf(drawn.edge)));
    chooseTracks();
    if (more) moving = requestAnimationFrame(move);
  }

  /**
   * @param {Edge} edge
   * @returns {Curve}
   */
  function curveOf({ gap, from, to }) {
    const start = glide.at(layerKeys[gap][from]);
    const end = glide.at(layerKeys[gap + 1][to]);
    return { x0: start.x + start.size / 2, y0: start.y, x1: end.x - end.size / 2, y1: end.y };
  }

  /**
   * Lead the outputs to the edge of the stage, where the picture is.
   *
   * @param {Column | undefined} column
   * @param {{width: number, height: number, top: number}} room
   */
  function drawWires(column, { width, height, top }) {
    const middle = top + (height - top) / 2;
    const multi = (column?.y.length ?? 0) > 1;
    wires.replaceChildren(
      ...(multi ? [] : (column?.y ?? [])).map((y) =>
        svg('path', {
          d: curvePath({ x0: (column?.x ?? 0) + (column?.size ?? 0) / 2, y0: y, x1: width, y1: middle }),
        }),
      ),
    );
  }

  // ------------------------------------------------------------------ edges

  function chooseEdges() {
    const weights = pictureOf(shown)?.weights ?? null;
    const total = gaps.reduce((sum, { fanIn, units }) => sum + fanIn * units, 0);
    everyEdge = total <= MOST_EDGES;
    const chosen = edgesToDraw(gaps, weights, MOST_EDGES);
    chosenAt = performance.now();
    while (edges.length > chosen.length) edges.pop()?.path.remove();
    chosen.forEach((edge, index) => {
      if (!edges[index]) {
        const path = svg('path', { class: 'edge', 'stroke-opacity': 0 });
        edgeGroup.append(path);
        edges.push({ edge, path, color: '', width: '', opacity: '0' });
      }
      edges[index].edge = edge;
      edges[index].path.setAttribute('d', curvePath(curveOf(edge)));
    });
    const { parameters = 0 } = shown?.experiment ?? {};
    setText(
      facts,
      everyEdge
        ? counted(parameters, 'weight')
        : `${whole(edges.length)} of ${counted(parameters, 'weight')}`,
    );
    facts.title = everyEdge ? 'Weights and biases' : 'Only the strongest weights are drawn';
    if (pointer) findPointed();
    else if (pointed) point(null);
  }

  /** @param {Float32Array} weights */
  function paintEdges(weights) {
    const color = palette().weight;
    const crowd = Math.min(1, Math.max(0.35, 90 / Math.max(1, edges.length)) ** 0.5);
    // Where all weights are small, as in wide networks, the scale follows them down a little.
    const greatest = edges.reduce((most, { edge }) => Math.max(most, Math.abs(weights[edge.weight])), 0);
    const unit = Math.min(1, Math.max(0.3, greatest / 1.5));
    for (const drawn of edges) {
      const weight = weights[drawn.edge.weight] / unit;
      const size = Math.abs(weight);
      const stroke = color(weight / 1.5);
      const width = ((0.7 + Math.min(size, 5) * 1.35) * crowd).toFixed(1);
      const opacity = Math.min(1, (0.28 + size * 0.62) * (0.55 + 0.45 * crowd)).toFixed(2);
      if (stroke !== drawn.color) drawn.path.setAttribute('stroke', (drawn.color = stroke));
      if (width !== drawn.width) drawn.path.setAttribute('stroke-width', (drawn.width = width));
      if (opacity !== drawn.opacity) drawn.path.setAttribute('stroke-opacity', (drawn.opacity = opacity));
    }
  }

  /** Choose along which edges something is seen to flow: the strong ones. */
  function chooseTracks() {
    const weights = pictureOf(shown)?.weights;
    tracksChosenAt = performance.now();
    if (!weights) return;
    const strong = (everyEdge ? edges : [])
      .map(({ edge }) => ({ edge, size: Math.abs(weights[edge.weight]) }))
      .filter(({ size }) => size > LEAST_TRACK)
      .sort((a, b) => b.size - a.size)
      .slice(0, MOST_TRACKS);
    tracks = strong.map(({ edge }) => trackOf(curveOf(edge)));
  }

  function drawFlow() {
    const { clientWidth: width, clientHeight: height } = stage;
    const ratio = fitToScreen(flow, width, height);
    flowContext.setTransform(ratio, 0, 0, ratio, 0, 0);
    flowContext.clearRect(0, 0, width, height);
    flowContext.beginPath();
    for (const track of tracks) addDashes(flowContext, track, travelled, DASHES);
    flowContext.strokeStyle = palette().paper;
    flowContext.lineWidth = 2;
    flowContext.stroke();
  }

  /** Let the edges flow at the pace of training. */
  function runFlow() {
    cancelAnimationFrame(flowing);
    const playing = shown?.run?.playing && shown.connection === 'open' && !reducedMotion.matches;
    flow.hidden = !playing;
    if (!playing) return;
    let before = performance.now();
    /** @param {number} now */
    const tick = (now) => {
      flowing = requestAnimationFrame(tick);
      if (now - before < FLOW_MS) return;
      const pace = shown?.picture?.epochsPerSecond ?? 0;
      travelled += ((now - before) / 1000) * (10 + 16 * Math.log10(1 + pace));
      before = now;
      drawFlow();
    };
    flowing = requestAnimationFrame(tick);
  }

  // ------------------------------------------------------------------ maps

  /** @param {PageState} state */
  function paintInputs({ experiment, data }) {
    if (!experiment || !data) return;
    const pixels = data.inputMaps.length / Math.max(1, experiment.inputs.length);
    const side = Math.round(Math.sqrt(pixels));
    if (!side || data.inputMaps.length !== side * side * experiment.inputs.length) return;
    layerKeys[0].forEach((key, index) => {
      const node = nodes.get(key);
      if (node)
        paintMap(
          node,
          data.inputMaps,
          index * pixels,
          side,
          weakened(palette().diverging, data.inputScales[index]),
        );
    });
    const chosen = /** @type {string[]} */ (experiment.config.features);
    for (const { name } of features) {
      nodes.get(`feature ${name}`)?.element.setAttribute('aria-pressed', String(chosen.includes(name)));
      captions.get(`feature ${name}`)?.toggleAttribute('data-off', !chosen.includes(name));
    }
  }

  /** @param {Picture} picture */
  function paintMaps({ maps, output, weights }) {
    const colors = palette();
    if (maps) {
      layerKeys
        .slice(1, -1)
        .flat()
        .forEach((key, index) => {
          const node = nodes.get(key);
          if (!node || index >= maps.count) return;
          const start = index * maps.side ** 2;
          if (node.element.hasAttribute('data-dot'))
            paintDot(node, maps.values, start, maps.side, colors.diverging);
          else paintMap(node, maps.values, start, maps.side, colors.diverging);
        });
    }
    if (output) paintOutputs(output);
    if (weights) {
      layerKeys.slice(1).forEach((keys, gap) =>
        keys.forEach((key, unit) => {
          const bias = nodes.get(key)?.bias;
          if (bias) bias.style.backgroundColor = colors.weight(weights[gaps[gap].bias + unit]);
        }),
      );
    }
  }

  /** @param {NonNullable<Picture['output']>} output */
  function paintOutputs({ values, side }) {
    const colors = palette();
    const keys = layerKeys.at(-1) ?? [];
    if (keys.length === 1) {
      const node = nodes.get(keys[0]);
      if (node) paintMap(node, values, 0, side, colors.diverging);
      return;
    }
    // Where each class is the likeliest, and how likely.
    keys.forEach((key, kind) => {
      const node = nodes.get(key);
      if (!node) return;
      const { image, pixels } = scratchImage(side);
      const table = colors.confidence(kind);
      for (let at = 0; at < pixels.length; at++) {
        pixels[at] = values[at] === kind ? table[values[at + pixels.length]] : table[0];
      }
      fit(node.canvas, side);
      node.context.putImageData(image, 0, 0);
    });
  }

  /** @param {PlaneData} data */
  function nameOutputs({ classes }) {
    (layerKeys.at(-1) ?? []).forEach((key, kind) => {
      const old = captions.get(key);
      old?.remove();
      captions.delete(key);
      if (classes.length <= 2) return;
      const color = palette().classes[kind % palette().classes.length];
      const mark = svg('path', { d: markerPath(kind, 5), fill: color });
      const icon = svg('svg', { viewBox: '-8 -8 16 16', class: 'legend-mark' }, mark);
      const element = html(
        'span',
        { class: 'node-caption', 'data-output': true, 'aria-hidden': 'true' },
        icon,
        classes[kind],
      );
      captions.set(key, element);
      nodeRoot.append(element);
    });
  }

  // ------------------------------------------------------------------ pointing

  stage.addEventListener('pointermove', (event) => {
    const box = stage.getBoundingClientRect();
    pointer = { x: event.clientX - box.left, y: event.clientY - box.top };
    tooltip.move(event.clientX, event.clientY);
    findPointed();
  });
  stage.addEventListener('pointerleave', () => {
    pointer = null;
    point(null);
  });

  function findPointed() {
    if (!pointer || !shown?.experiment) return;
    const { x, y } = pointer;
    for (const [layer, keys] of layerKeys.entries()) {
      const unit = keys.findIndex((key) => {
        const spot = glide.at(key);
        const reach = Math.max(spot.size / 2, 6);
        return Math.abs(spot.x - x) <= reach && Math.abs(spot.y - y) <= reach;
      });
      if (unit >= 0) {
        point({ neuron: { layer, unit } });
        return;
      }
    }
    /** @type {DrawnEdge | null} */
    let nearest = null;
    let least = REACH;
    for (const drawn of edges) {
      const distance = distanceToCurve(curveOf(drawn.edge), x, y);
      if (distance < least) [nearest, least] = [drawn, distance];
    }
    point(nearest ? { edge: nearest } : null);
  }

  /** @param {typeof pointed} target */
  function point(target) {
    pointed = target;
    const edge = target && 'edge' in target ? target.edge : null;
    const neuron = target && 'neuron' in target ? target.neuron : null;
    pointedPath.setAttribute('d', edge ? curvePath(curveOf(edge.edge)) : '');
    edgeGroup.toggleAttribute('data-dimmed', Boolean(edge) || Boolean(neuron));
    for (const drawn of edges) {
      const { gap, from, to } = drawn.edge;
      const lit =
        drawn === edge ||
        (neuron !== null &&
          ((neuron.layer === gap && neuron.unit === from) ||
            (neuron.layer === gap + 1 && neuron.unit === to)));
      drawn.path.toggleAttribute('data-lit', lit);
    }
    const old = shown?.pointedAt;
    if (old?.layer !== neuron?.layer || old?.unit !== neuron?.unit) actions.show({ pointedAt: neuron });
    tell();
  }

  /** Say what is at the pointer; while it trains, again with every picture. */
  function tell() {
    const weights = pictureOf(shown)?.weights;
    const experiment = shown?.experiment;
    if (!pointed || !weights || !experiment || !pointer) {
      tooltip.hide();
      return;
    }
    if ('edge' in pointed) {
      const { gap, from, to, weight } = pointed.edge.edge;
      const start = neuronName({ layer: gap, unit: from }, experiment, shown?.data ?? null);
      const end = neuronName({ layer: gap + 1, unit: to }, experiment, shown?.data ?? null);
      tooltip.say(`${start} → ${end}`, `weight ${number(weights[weight])}`);
      return;
    }
    const { layer, unit } = pointed.neuron;
    const name = neuronName(pointed.neuron, experiment, shown?.data ?? null);
    tooltip.say(name, layer === 0 ? 'input' : `bias ${number(weights[gaps[layer - 1].bias + unit])}`);
  }

  // ------------------------------------------------------------------ life

  const resized = new ResizeObserver(place);
  resized.observe(scroller);
  reducedMotion.addEventListener('change', runFlow);

  return {
    update(state) {
      const old = shown;
      shown = state;
      const { experiment, data, picture, run, refusals } = state;
      const recolored = old?.paletteVersion !== state.paletteVersion;
      const changed = experiment !== old?.experiment;
      if (changed && experiment) {
        build(experiment);
        place();
      }
      if (changed || data !== old?.data || recolored) {
        if (data) nameOutputs(data);
        paintInputs(state);
        move();
      }
      if (picture && (picture !== old?.picture || recolored)) {
        if (!everyEdge && performance.now() - chosenAt > CHOOSE_MS) chooseEdges();
        if (picture.weights) paintEdges(picture.weights);
        if (run?.playing && performance.now() - tracksChosenAt > CHOOSE_MS) chooseTracks();
        paintMaps(picture);
        if (pointer) {
          if (pointed === null) findPointed();
          tell();
        }
      }
      if (run?.playing !== old?.run?.playing || state.connection !== old?.connection) runFlow();
      setText(stopped, run?.stopped ?? '');
      stopped.hidden = !run?.stopped;
      const sentence = refusals.hidden ?? refusals.features ?? '';
      setText(refused, sentence);
      refused.hidden = !sentence;
    },
    destroy() {
      cancelAnimationFrame(moving);
      cancelAnimationFrame(flowing);
      resized.disconnect();
      reducedMotion.removeEventListener('change', runFlow);
    },
  };
}

/**
 * @param {string} stem
 * @param {number} count
 */
function keysOf(stem, count) {
  return Array.from({ length: count }, (_, unit) => `${stem} ${unit}`);
}

/**
 * @param {PageState | null} state
 * @returns {Picture | null}
 */
function pictureOf(state) {
  return state?.picture ?? null;
}

/**
 * @param {Neuron} neuron
 * @param {Experiment} experiment
 * @param {PlaneData | null} data
 * @returns {string}
 */
function neuronName({ layer, unit }, { inputs, layers }, data) {
  if (layer === 0) return inputs[unit].label;
  if (layer < layers.length - 1) return `Neuron ${unit + 1} of hidden layer ${layer}`;
  const classes = data?.classes ?? [];
  return layers[layer] > 1 && classes[unit] ? `Output ${classes[unit]}` : 'Output neuron';
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {number} side
 */
function fit(canvas, side) {
  if (canvas.width !== side) [canvas.width, canvas.height] = [side, side];
}

/**
 * @param {Node} node
 * @param {Uint8Array} values
 * @param {number} start
 * @param {number} side
 * @param {Uint32Array} table
 */
function paintMap(node, values, start, side, table) {
  fit(node.canvas, side);
  paintField(node.context, values, start, side, table);
}

/**
 * Paint a neuron that is too small for a map in the colour of its mean.
 *
 * @param {Node} node
 * @param {Uint8Array} values
 * @param {number} start
 * @param {number} side
 * @param {Uint32Array} table
 */
function paintDot(node, values, start, side, table) {
  let sum = 0;
  for (let at = start; at < start + side * side; at++) sum += values[at];
  fit(node.canvas, 1);
  const { image, pixels } = scratchImage(1);
  pixels[0] = table[Math.round(sum / (side * side))];
  node.context.putImageData(image, 0, 0);
}
