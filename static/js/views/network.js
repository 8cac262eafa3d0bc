/**
 * The network: inputs, hidden layers and outputs from left to right, every neuron with its map, every edge with its
 * weight.
 */
import { context2d } from '../lib/canvas.js';
import { part, setText, svg } from '../lib/element.js';
import { percent } from '../lib/format.js';
import { isHidden } from '../lib/hiding.js';
import { blockOf, curvePath, layOut, leastWidth, pitchOf } from '../lib/layout.js';
import { attachMenu } from '../lib/menu.js';
import { createGlide } from '../lib/motion.js';
import { planOf } from '../lib/plan.js';
import { frozenPart } from '../lib/weights.js';
import { t, tn } from '../lib/words.js';
import { createEdges } from './network/edges.js';
import { createFlow } from './network/flow.js';
import { createHeads } from './network/heads.js';
import { createHints } from './network/hints.js';
import { createInputs } from './network/inputs.js';
import { createMaps, paintBiases, paintInputs } from './network/maps.js';
import { createNodes } from './network/nodes.js';
import { createOpening } from './network/opening.js';
import { createPointing } from './network/pointing.js';
import { createWalking } from './network/walking.js';

/** @import {ParameterDescription} from '../protocol.js' */
/** @import {View, Context} from '../view.js' */
/** @import {PageState} from '../store.js' */
/** @import {Column, Curve} from '../lib/layout.js' */
/** @import {Plan} from '../lib/plan.js' */
/** @import {PictureFormat} from '../lib/save-picture.js' */
/** @import {Spot} from '../lib/motion.js' */
/** @import {Picture} from '../lib/picture.js' */
/** @import {Edge} from '../lib/weights.js' */

/** How many edges are drawn anew with every picture; of more than that it is seen no sooner than after STROKE_MS. */
const EVERY_PICTURE = 60;
const STROKE_MS = 66;

/** Settings whose refusal stands above the network. */
const REFUSED_HERE = ['hidden', 'features', 'columns', 'formulas', 'layer_activations', 'dropout'];

/**
 * @param {HTMLElement} root
 * @param {Context} context
 * @returns {View}
 */
export function mount(root, context) {
  const { choices, actions, palette, tooltip, drawings } = context;
  const scroller = part(root, '.network-scroller', HTMLElement);
  const stage = part(root, '.network-stage', HTMLElement);
  const wires = part(root, '.network-wires', SVGGElement);
  const addLayer = part(root, '.add-layer', HTMLButtonElement);
  const removeLayer = part(root, '.remove-layer', HTMLButtonElement);
  const layerCount = part(root, '.layer-count', HTMLElement);
  const facts = part(root, '.network-facts', HTMLElement);
  const refused = part(root, '.network-refused', HTMLElement);
  const inputHead = part(root, '.input-head', HTMLElement);
  const units = /** @type {ParameterDescription} */ (choices.setting('hidden').number);
  const reducedMotion = window.matchMedia('(prefers-reduced-motion: reduce)');

  /** @type {PageState | null} */
  let shown = null;
  /** @type {Plan | null} */
  let plan = null;
  let moving = 0;
  let area = { width: 0, height: 0 };
  /** @type {Picture | null} the last of which edges and biases were drawn */
  let stroked = null;
  let strokedAt = 0;

  const glide = createGlide(() => reducedMotion.matches);
  const nodesRoot = part(root, '.network-nodes', HTMLElement);
  const inputs = createInputs(inputHead, choices, actions);
  const nodes = createNodes(nodesRoot, inputs.help);
  const canvas = context2d(part(root, '.network-maps', HTMLCanvasElement));
  const maps = createMaps(canvas, palette);
  const layersOfNodes = () => [nodes.inputKeys(), ...(plan?.keys.slice(1) ?? [])];
  const walking = createWalking(nodesRoot, layersOfNodes, glide.at, (key) => nodes.get(key)?.element);
  const heads = createHeads(part(root, '.network-heads', HTMLElement), units, {
    grow,
    resize: (layer, wish) => changeHidden(hidden().with(layer, wish)),
    open: (layer, anchor) => opening.openLayer(layer, anchor),
  });
  const edges = createEdges(
    part(root, '.network-edges', SVGGElement),
    part(root, '.network-pointed', SVGPathElement),
    curveOf,
  );
  const flow = createFlow(canvas, reducedMotion, {
    palette,
    curveOf,
    pace: () => shown?.picture?.epochsPerSecond ?? 0,
  });
  const pointing = createPointing(stage, { edges, nodes, spotOf: glide.at }, tooltip, actions, choices);
  const opening = createOpening(root, stage, context, { nodes, inputs, pointing });
  const hints = createHints(part(root, '.network-hints', HTMLElement));

  // ------------------------------------------------------------------ editing

  /** @returns {number[]} */
  const hidden = () => /** @type {number[]} */ (actions.latest('hidden') ?? []);

  /** @param {number[]} wish */
  const changeHidden = (wish) => actions.change({ hidden: wish });

  addLayer.addEventListener('click', () => void changeHidden([...hidden(), hidden().at(-1) ?? 4]));
  removeLayer.addEventListener('click', () => {
    if (hidden().length > 0) void changeHidden(hidden().slice(0, -1));
  });

  /**
   * @param {number} layer - from 0
   * @param {number} more
   */
  function grow(layer, more) {
    const wish = (hidden()[layer] ?? 0) + more;
    if (wish >= units.minimum) void changeHidden(hidden().with(layer, wish));
  }

  // ------------------------------------------------------------------ keeping

  attachMenu(part(root, '.network-save', HTMLButtonElement), [
    { label: t('Picture (PNG)'), run: () => void save('png') },
    { label: t('Picture (SVG)'), run: () => void save('svg') },
  ]);

  /** @param {PictureFormat} format */
  async function save(format) {
    const { saveNetwork } = await import('./network/save.js');
    if (plan && shown) await saveNetwork(sceneOf(plan), plan, shown, format, palette());
  }

  drawings.network = async () => {
    const { drawNetwork } = await import('./network/save.js');
    return () => (plan && shown ? [drawNetwork(sceneOf(plan), plan, shown, palette())] : []);
  };

  /** @param {Plan} drawn */
  function sceneOf(drawn) {
    const lines = [wires, part(root, '.network-edges', SVGGElement)];
    return { stage, lines, nodes, maps, spotOf: glide.at, specials: specials(drawn) };
  }

  // ------------------------------------------------------------------ placing

  /** Work out where everything belongs, and let it glide there. */
  function place() {
    if (!plan || !stage.clientHeight) return;
    const { layers, problem } = plan.experiment;
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const offered = nodes.inputKeys().map(nodes.input);
    const longest = Math.max(0, ...(shown?.data?.classes ?? []).map(({ length }) => length));
    const room = {
      left: (offered.every((input) => input?.kind === 'feature') ? 3.6 : 7.2) * rem,
      right: (problem === 'multiclass' ? Math.min(6.4, 2.6 + 0.45 * longest) : 2.6) * rem,
      top: 0,
      node: Math.max(3.8 * rem, 0.06 * scroller.clientWidth),
      width: 0,
      height: stage.clientHeight,
    };
    const keys = layersOfNodes();
    const block = blockOf(offered.length, rem, { height: room.height, top: 3.2 * rem });
    // The last column of the block stands where a column of inputs would.
    if (block) room.left = rem + Math.max(0, block.width - room.node);
    nodes.fit(block ? 0 : Math.floor((room.height - 3.2 * rem) / offered.length / rem));
    room.width = Math.max(scroller.clientWidth, leastWidth(layers.length, room));
    heads.fit(pitchOf(layers.length, room) / rem);
    room.top = heads.height() * rem;
    stage.style.width = `${room.width}px`;
    area = room;
    const placed = layOut(
      keys.map(({ length }) => length),
      room,
    );
    /** @type {Map<string, Spot>} */
    const targets = new Map();
    placed.forEach(({ x, y, size }, layer) => {
      keys[layer].forEach((key, unit) => targets.set(key, { x, y: y[unit], size }));
    });
    block?.x.forEach((x, unit) => targets.set(keys[0][unit], { x, y: block.y[unit], size: block.size }));
    heads.keys().forEach((key, layer) => targets.set(key, { x: placed[layer + 1].x, y: 0, size: 0 }));
    inputHead.style.maxWidth = `${placed[0].x + pitchOf(layers.length, room) / 2 - rem}px`;
    glide.to(targets, performance.now());
    chooseEdges();
    drawWires(wires, placed[placed.length - 1], room);
    hints.place(placed, room);
    move();
  }

  /** Put everything at its present place, and go on while something is still moving. */
  function move() {
    cancelAnimationFrame(moving);
    const more = glide.advance(performance.now());
    nodes.move(glide);
    if (plan) maps.move(plan, glide, area);
    heads.move(glide);
    edges.move();
    chooseTracks();
    if (more) moving = requestAnimationFrame(move);
  }

  /**
   * @param {Edge} edge
   * @returns {Curve} where it runs now
   */
  function curveOf({ gap, from, to }) {
    const start = glide.at(plan?.keys[gap][from] ?? '');
    const end = glide.at(plan?.keys[gap + 1][to] ?? '');
    return { x0: start.x + start.size / 2, y0: start.y, x1: end.x - end.size / 2, y1: end.y };
  }

  // ------------------------------------------------------------------ drawing

  /** @param {Plan} newPlan */
  function build(newPlan) {
    const counts = newPlan.experiment.layers.slice(1, -1);
    const { offered = [], classes = [] } = shown?.data ?? {};
    const hide = shown?.hide ?? '';
    nodes.build(
      newPlan,
      offered.filter(({ name }) => !isHidden(hide, `input.${name}`)),
      classes,
    );
    inputs.update(newPlan.experiment, offered, hide);
    walking.rebuilt();
    heads.build(counts, specials(newPlan));
    setText(layerCount, tn('{n} hidden layer', '{n} hidden layers', counts.length));
    // Not `disabled`, which would take the focus away from who has just used it.
    removeLayer.setAttribute('aria-disabled', String(counts.length === 0));
  }

  /**
   * @param {Plan} newPlan
   * @returns {string[]} what is special about each hidden layer, or ""
   */
  function specials({ experiment, gaps, frozen }) {
    const { activation, layer_activations: own, dropout } = /** @type {LayerSettings} */ (experiment.config);
    return experiment.layers.slice(1, -1).map((_, layer) => {
      const name = own[layer] || activation;
      const label = choices.entry(choices.setting('activation').registry ?? '', name)?.label ?? name;
      const kept = frozenPart(gaps, frozen, layer + 1);
      const words = [
        name === activation ? '' : label,
        dropout[layer] > 0 ? t('dropout {share}', { share: percent(dropout[layer], 0) }) : '',
        { none: '', some: t('partly frozen'), all: t('frozen') }[kept],
      ];
      return words.filter(Boolean).join(' · ');
    });
  }

  function chooseEdges() {
    if (!plan) return;
    edges.choose(plan, weightsOf(shown?.picture ?? null, plan));
    const all = tn('{n} parameter', '{n} parameters', plan.experiment.parameters);
    const drawn = edges.drawn().length;
    setText(facts, edges.complete() ? all : t('{parameters}, {drawn} drawn', { parameters: all, drawn }));
    facts.title = edges.complete() ? t('Weights and biases') : t('Only the strongest weights are drawn');
    pointing.moved();
  }

  function chooseTracks() {
    const weights = plan && weightsOf(shown?.picture ?? null, plan);
    // Among the strongest of very many edges, what flows would be a blur.
    if (!weights) return;
    // What is frozen learns nothing.
    const learning = edges.drawn().filter(({ weight }) => plan?.frozen[weight] !== 1);
    flow.choose(edges.complete() ? learning : [], weights);
  }

  /** @param {PageState} state */
  function paintData({ data }) {
    if (!plan || !data) return;
    nodes.nameOutputs(plan.keys[plan.keys.length - 1], data.classes, palette().classes);
    paintInputs(nodes, data, palette());
    move();
  }

  /** @param {PageState} state */
  function paintPicture({ picture, discretize }) {
    if (!plan) return;
    if (!picture) {
      maps.clear();
      return;
    }
    maps.show(plan, picture, discretize);
    pointing.repictured();
  }

  /** @param {PageState} state */
  function paintStrokes({ picture, run }) {
    if (!plan || !picture) return;
    [stroked, strokedAt] = [picture, performance.now()];
    // Of a network at rest there may be no later picture to make up for it.
    if (edges.outdated() || (!run?.playing && !edges.complete())) chooseEdges();
    const weights = weightsOf(picture, plan);
    if (weights) {
      edges.paint(weights, palette());
      paintBiases(nodes, plan, weights, palette());
    }
    if (run?.playing && flow.outdated()) chooseTracks();
  }

  /** @returns {boolean} whether edges and biases may wait for a later picture */
  const mayWait = () =>
    shown?.run?.playing === true &&
    edges.drawn().length > EVERY_PICTURE &&
    performance.now() - strokedAt < STROKE_MS;

  const resized = new ResizeObserver(place);
  resized.observe(scroller);

  return {
    update(state) {
      const old = shown;
      shown = state;
      const { experiment, data, picture, run, refusals } = state;
      const recolored = old?.paletteVersion !== state.paletteVersion;
      const replanned = experiment !== old?.experiment;
      const changed = replanned || data?.offered !== old?.data?.offered || state.hide !== old.hide;
      if (replanned && experiment) plan = planOf(experiment);
      pointing.know(plan, state);
      if (changed && plan) {
        build(plan);
        place();
      }
      if (changed || data !== old?.data || recolored) paintData(state);
      if (picture !== old?.picture || recolored || state.discretize !== old?.discretize) paintPicture(state);
      if (changed || recolored || (picture !== stroked && !mayWait())) paintStrokes(state);
      opening.update(plan, state);
      hints.update(state);
      const playing = run?.playing === true && state.connection === 'open';
      if (playing !== (old?.run?.playing === true && old.connection === 'open')) flow.run(playing);
      // A card says itself what was refused.
      const here = opening.isOpen() ? [] : REFUSED_HERE;
      const sentence = refusals[here.find((name) => refusals[name]) ?? ''] ?? '';
      setText(refused, sentence);
      refused.hidden = !sentence;
    },
    destroy() {
      cancelAnimationFrame(moving);
      flow.destroy();
      resized.disconnect();
    },
  };
}

/** @typedef {{activation: string, layer_activations: string[], dropout: number[]}} LayerSettings */

/**
 * Return the weights of a picture, unless it is still of the network before, of another shape.
 *
 * @param {PageState['picture']} picture
 * @param {Plan} plan
 * @returns {Float32Array | null}
 */
function weightsOf(picture, { experiment }) {
  return picture?.weights?.length === experiment.parameters ? picture.weights : null;
}

/**
 * Lead a single output to the edge of the stage, where the picture is.
 *
 * @param {SVGGElement} root
 * @param {Column} column - of outputs
 * @param {{width: number, height: number, top: number}} room
 */
function drawWires(root, { x, y, size }, { width, height, top }) {
  root.replaceChildren();
  if (y.length > 1) return; // several are named there
  const curve = { x0: x + size / 2, y0: y[0], x1: width, y1: top + (height - top) / 2 };
  root.append(svg('path', { d: curvePath(curve) }));
}
