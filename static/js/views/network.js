/**
 * The network: inputs, hidden layers and outputs from left to right, every neuron with its map, every edge with its
 * weight.
 */
import { part, setText, svg } from '../lib/element.js';
import { counted, whole } from '../lib/format.js';
import { curvePath, layOut, leastWidth } from '../lib/layout.js';
import { createGlide } from '../lib/motion.js';
import { planOf } from '../lib/plan.js';
import { createEdges } from './network/edges.js';
import { createFlow } from './network/flow.js';
import { createHeads } from './network/heads.js';
import { clearNeurons, paintInputs, paintNeurons } from './network/maps.js';
import { createNodes } from './network/nodes.js';
import { createPointing } from './network/pointing.js';

/** @import {View, Context} from '../view.js' */
/** @import {PageState} from '../store.js' */
/** @import {Column, Curve} from '../lib/layout.js' */
/** @import {Plan} from '../lib/plan.js' */
/** @import {Spot} from '../lib/motion.js' */
/** @import {Edge} from '../lib/weights.js' */

/**
 * @param {HTMLElement} root
 * @param {Context} context
 * @returns {View}
 */
export function mount(root, { choices, actions, palette, tooltip }) {
  const scroller = part(root, '.network-scroller', HTMLElement);
  const stage = part(root, '.network-stage', HTMLElement);
  const wires = part(root, '.network-wires', SVGGElement);
  const addLayer = part(root, '.add-layer', HTMLButtonElement);
  const removeLayer = part(root, '.remove-layer', HTMLButtonElement);
  const layerCount = part(root, '.layer-count', HTMLElement);
  const facts = part(root, '.network-facts', HTMLElement);
  const stopped = part(root, '.network-stopped', HTMLElement);
  const refused = part(root, '.network-refused', HTMLElement);
  const features = choices.entries(choices.setting('features').registry ?? '');
  const featureNames = features.map(({ name }) => name);
  const fewestUnits = choices.setting('hidden').number?.minimum ?? 1;
  const reducedMotion = window.matchMedia('(prefers-reduced-motion: reduce)');

  /** @type {PageState | null} */
  let shown = null;
  /** @type {Plan | null} */
  let plan = null;
  let moving = 0;

  const glide = createGlide(() => reducedMotion.matches);
  const nodes = createNodes(part(root, '.network-nodes', HTMLElement), features, toggle);
  const heads = createHeads(part(root, '.network-heads', HTMLElement), fewestUnits, resize);
  const edges = createEdges(
    part(root, '.network-edges', SVGGElement),
    part(root, '.network-pointed', SVGPathElement),
    curveOf,
  );
  const flow = createFlow(part(root, '.network-flow', HTMLCanvasElement), reducedMotion, {
    palette,
    curveOf,
    pace: () => shown?.picture?.epochsPerSecond ?? 0,
  });
  const pointing = createPointing(stage, { edges, spotOf: glide.at }, tooltip, actions);

  // ------------------------------------------------------------------ editing

  /** @returns {number[]} */
  const hidden = () => /** @type {number[]} */ (actions.latest('hidden') ?? []);

  /** @param {number[]} units */
  const changeHidden = (units) => void actions.change({ hidden: units });

  addLayer.addEventListener('click', () => changeHidden([...hidden(), hidden().at(-1) ?? 4]));
  removeLayer.addEventListener('click', () => {
    if (hidden().length > 0) changeHidden(hidden().slice(0, -1));
  });

  /**
   * @param {number} layer - from 0
   * @param {number} more
   */
  function resize(layer, more) {
    const units = hidden();
    const wish = (units[layer] ?? 0) + more;
    if (wish >= fewestUnits) changeHidden(units.map((count, index) => (index === layer ? wish : count)));
  }

  /** @param {string} feature */
  function toggle(feature) {
    const chosen = /** @type {string[]} */ (actions.latest('features') ?? []);
    const wish = chosen.includes(feature) ? chosen.filter((name) => name !== feature) : [...chosen, feature];
    void actions.change({ features: wish });
  }

  // ------------------------------------------------------------------ placing

  /** Work out where everything belongs, and let it glide there. */
  function place() {
    if (!plan || !stage.clientHeight) return;
    const { inputs, layers, problem } = plan.experiment;
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
    const keys = [nodes.inputKeys(), ...plan.keys.slice(1)];
    room.width = Math.max(scroller.clientWidth, leastWidth(layers.length, room));
    stage.style.width = `${room.width}px`;
    const columns = layOut(
      keys.map(({ length }) => length),
      room,
    );
    /** @type {Map<string, Spot>} */
    const targets = new Map();
    columns.forEach(({ x, y, size }, layer) => {
      keys[layer].forEach((key, unit) => targets.set(key, { x, y: y[unit], size }));
    });
    heads.keys().forEach((key, layer) => targets.set(key, { x: columns[layer + 1].x, y: 0, size: 0 }));
    heads.fit((columns[1].x - columns[0].x) / rem);
    glide.to(targets, performance.now());
    chooseEdges();
    drawWires(wires, columns[columns.length - 1], room);
    move();
  }

  /** Put everything at its present place, and go on while something is still moving. */
  function move() {
    cancelAnimationFrame(moving);
    const more = glide.advance(performance.now());
    nodes.move(glide);
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
    const { config, layers } = newPlan.experiment;
    const units = layers.slice(1, -1);
    nodes.build(newPlan, shown?.data?.classes ?? []);
    nodes.press(/** @type {string[]} */ (config.features));
    heads.build(units);
    setText(layerCount, counted(units.length, 'hidden layer'));
    // Not `disabled`, which would take the focus away from who has just used it.
    removeLayer.setAttribute('aria-disabled', String(units.length === 0));
  }

  function chooseEdges() {
    if (!plan) return;
    edges.choose(plan, weightsOf(shown?.picture ?? null, plan));
    const weights = counted(plan.experiment.parameters, 'weight');
    setText(facts, edges.complete() ? weights : `${whole(edges.drawn().length)} of ${weights}`);
    facts.title = edges.complete() ? 'Weights and biases' : 'Only the strongest weights are drawn';
    pointing.moved();
  }

  function chooseTracks() {
    const weights = plan && weightsOf(shown?.picture ?? null, plan);
    // Among the strongest of very many edges, what flows would be a blur.
    if (weights) flow.choose(edges.complete() ? edges.drawn() : [], weights);
  }

  /** @param {PageState} state */
  function paintData({ data }) {
    if (!plan || !data) return;
    nodes.nameOutputs(plan.keys[plan.keys.length - 1], data.classes, palette().classes);
    paintInputs(nodes, plan, data, featureNames, palette());
    move();
  }

  /** @param {PageState} state */
  function paintPicture({ picture, run }) {
    if (!plan) return;
    if (!picture) {
      clearNeurons(nodes, plan);
      return;
    }
    // Of a network at rest there may be no later picture to make up for it.
    if (edges.outdated() || (!run?.playing && !edges.complete())) chooseEdges();
    const weights = weightsOf(picture, plan);
    if (weights) edges.paint(weights, palette());
    if (run?.playing && flow.outdated()) chooseTracks();
    paintNeurons(nodes, plan, picture, palette());
    pointing.repictured();
  }

  const resized = new ResizeObserver(place);
  resized.observe(scroller);

  return {
    update(state) {
      const old = shown;
      shown = state;
      const { experiment, data, picture, run, refusals } = state;
      const recolored = old?.paletteVersion !== state.paletteVersion;
      const changed = experiment !== old?.experiment;
      if (changed && experiment) plan = planOf(experiment);
      pointing.know(plan, state);
      if (changed && plan) {
        build(plan);
        place();
      }
      if (changed || data !== old?.data || recolored) paintData(state);
      if (picture !== old?.picture || recolored) paintPicture(state);
      const playing = run?.playing === true && state.connection === 'open';
      if (playing !== (old?.run?.playing === true && old.connection === 'open')) flow.run(playing);
      setText(stopped, run?.stopped ?? '');
      stopped.hidden = !run?.stopped;
      const sentence = refusals.hidden ?? refusals.features ?? '';
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
