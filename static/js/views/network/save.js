/**
 * The network as a drawing to keep: maps as images, everything else as shapes.
 */
import { context2d } from '../../lib/canvas.js';
import { html, svg } from '../../lib/element.js';
import { markerPath } from '../../lib/points.js';
import { fileName, imageOf, newDrawing, savePicture, standalone } from '../../lib/save-picture.js';
import { t, tn } from '../../lib/words.js';

/** @import {Palette} from '../../palette.js' */
/** @import {PageState} from '../../store.js' */
/** @import {Spot} from '../../lib/motion.js' */
/** @import {Plan} from '../../lib/plan.js' */
/** @import {PictureFormat} from '../../lib/save-picture.js' */
/** @import {Maps} from './maps.js' */
/** @import {Nodes} from './nodes.js' */

/** CSS pixels. */
const HEAD = 34;
const MARGIN = 20;
const GAP = 9;
const TEXT = 12;

/** Pixels along each side of a neuron's map. */
const MAP = 128;

/** How round a node is, as a share of its side. */
const ROUND = 0.26;

/**
 * @typedef {Object} Scene - what is on the page
 * @property {HTMLElement} stage
 * @property {SVGElement[]} lines - in the order in which they lie upon each other
 * @property {Nodes} nodes
 * @property {Maps} maps - of the neurons
 * @property {(key: string) => Spot} spotOf
 * @property {string[]} specials - of each hidden layer
 */

/**
 * @param {Scene} scene
 * @param {Plan} plan
 * @param {PageState} state
 * @param {PictureFormat} format
 * @param {Palette} palette
 */
export async function saveNetwork(scene, plan, state, format, palette) {
  const label = plan.experiment.data_label;
  const epoch = String(state.picture?.epoch ?? 0);
  await savePicture(
    drawNetwork(scene, plan, state, palette),
    format,
    fileName(label, t('network'), t('epoch {epoch}', { epoch })),
  );
}

/**
 * @param {Scene} scene
 * @param {Plan} plan
 * @param {PageState} state
 * @param {Palette} palette
 * @returns {SVGSVGElement}
 */
export function drawNetwork(
  { stage, lines, nodes, maps, spotOf, specials },
  plan,
  { picture, data },
  palette,
) {
  const { experiment, keys } = plan;
  const title = tn(
    'Network for {data} after {n} epoch',
    'Network for {data} after {n} epochs',
    picture?.epoch ?? 0,
    { data: experiment.data_label },
  );
  const { clientWidth: width, clientHeight: height } = stage;
  const font = getComputedStyle(stage).fontFamily;
  const inputs = nodes.inputKeys();
  const captioned = inputs.length < 2 || spotOf(inputs[0]).x === spotOf(inputs[1]).x;
  // On the page long names are broken or cut; here each has one line, and the room for it.
  const beside = captioned ? namesWidth(inputs, nodes, font) + GAP + MARGIN : 0;
  const left = Math.max(0, beside - (spotOf(inputs[0]).x - spotOf(inputs[0]).size / 2));
  const root = newDrawing(left + width, HEAD + height + MARGIN, title, palette.paper, font);
  const heading = { x: MARGIN, y: 24, 'font-size': 15, 'font-weight': 650, fill: palette.ink };
  const body = svg('g', { transform: `translate(${left} ${HEAD})` }, ...lines.map(standalone));
  root.append(svg('text', heading, title), body);

  /**
   * @param {number} x
   * @param {number} y
   * @param {string} content
   * @param {Record<string, string | number>} [attributes]
   */
  const text = (x, y, content, attributes = {}) =>
    svg('text', { x, y, 'font-size': TEXT, fill: palette.ink, ...attributes }, content);

  for (const key of inputs) {
    const fed = keys[0].includes(key);
    body.append(drawNode(key, fed ? 1 : 0.42));
    const { x, y, size } = spotOf(key);
    const label = nodes.input(key)?.label ?? '';
    const at = { 'text-anchor': 'end', fill: fed ? palette.ink : palette.muted };
    if (captioned) body.append(text(x - size / 2 - GAP, y + 4, label, at));
  }
  for (const key of keys.slice(1).flat()) body.append(drawNode(key, 1));
  keys.slice(1, -1).forEach((layer, at) => {
    const { x } = spotOf(layer[0]);
    const middle = { 'text-anchor': 'middle' };
    body.append(
      text(x, 20, tn('{n} neuron', '{n} neurons', layer.length), { ...middle, 'font-weight': 600 }),
    );
    body.append(text(x, 35, specials[at], { ...middle, 'font-size': 11, fill: palette.accent }));
  });
  if (data && data.classes.length > 2) {
    keys[keys.length - 1].forEach((key, kind) => {
      const { x, y, size } = spotOf(key);
      const fill = palette.classes[kind % palette.classes.length];
      const mark = { d: markerPath(kind, 5), transform: `translate(${x + size / 2 + 14} ${y})`, fill };
      body.append(svg('path', mark), text(x + size / 2 + 24, y + 4, data.classes[kind]));
    });
  }
  return root;

  /**
   * @param {string} key
   * @param {number} opacity
   */
  function drawNode(key, opacity) {
    const { x, y, size } = spotOf(key);
    const node = nodes.get(key);
    const dot = node?.element.hasAttribute('data-dot');
    const box = {
      x: x - size / 2,
      y: y - size / 2,
      width: size,
      height: size,
      rx: size * (dot ? 0.5 : ROUND),
    };
    const id = `node-${key.replace(/[^a-z0-9]/gi, (sign) => `_${sign.charCodeAt(0)}`)}`;
    const group = svg('g', { opacity });
    if (!node) return group;
    const map = node.context?.canvas ?? canvasOf(maps.image(key, dot ? 1 : MAP));
    const image = imageOf(map, box.x, box.y, size, size);
    image.setAttribute('clip-path', `url(#${id})`);
    group.append(
      svg('clipPath', { id }, svg('rect', box)),
      svg('rect', { ...box, fill: palette.paper }),
      image,
      svg('rect', { ...box, fill: 'none', stroke: palette.muted, 'stroke-opacity': 0.5 }),
    );
    if (node.bias && !dot) {
      const fill = getComputedStyle(node.bias).backgroundColor;
      const mark = {
        cx: box.x + 1,
        cy: box.y + size - 1,
        r: 4,
        fill,
        stroke: palette.paper,
        'stroke-width': 1.5,
      };
      group.append(svg('circle', mark));
    }
    return group;
  }
}

/**
 * @param {string[]} keys - of inputs
 * @param {Nodes} nodes
 * @param {string} font
 * @returns {number} CSS pixels of the longest name
 */
function namesWidth(keys, nodes, font) {
  const context = context2d(html('canvas'));
  context.font = `${TEXT}px ${font}`;
  return Math.ceil(Math.max(...keys.map((key) => context.measureText(nodes.input(key)?.label ?? '').width)));
}

/**
 * @param {ImageData} image
 * @returns {HTMLCanvasElement}
 */
function canvasOf(image) {
  const canvas = html('canvas', { width: image.width, height: image.height });
  context2d(canvas).putImageData(image, 0, 0);
  return canvas;
}
