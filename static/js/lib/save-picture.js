/**
 * Drawings as files: SVG as it is, PNG painted from it at twice its size.
 */
import { svg } from './element.js';

/** @typedef {'png' | 'svg'} PictureFormat */

const SCALE = 2;

const NAMESPACE = 'http://www.w3.org/2000/svg';

/** What a style sheet gives to a shape or a text, and what its element has to carry where there is none. */
const CARRIED = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
  'dominant-baseline',
];

/**
 * Return an empty drawing on paper.
 *
 * @param {number} width - CSS pixels
 * @param {number} height - CSS pixels
 * @param {string} title - what it shows, for people and machines
 * @param {string} paper - colour of the background, CSS
 * @param {string} font - family
 * @returns {SVGSVGElement}
 */
export function newDrawing(width, height, title, paper, font) {
  return svg(
    'svg',
    { xmlns: NAMESPACE, width, height, viewBox: `0 0 ${width} ${height}`, 'font-family': font },
    svg('title', {}, title),
    svg('rect', { width, height, fill: paper }),
  );
}

/**
 * Return a copy of a drawing on the page that looks the same without the page's style sheets.
 *
 * @template {SVGElement} T
 * @param {T} drawing - on the page, so that styles apply
 * @returns {T}
 */
export function standalone(drawing) {
  const copy = /** @type {T} */ (drawing.cloneNode(true));
  const originals = [drawing, ...drawing.querySelectorAll('*')];
  [copy, ...copy.querySelectorAll('*')].forEach((node, at) => {
    const style = getComputedStyle(originals[at]);
    for (const name of CARRIED) node.setAttribute(name, style.getPropertyValue(name));
    node.removeAttribute('class');
    node.removeAttribute('style');
  });
  return copy;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {number} x - CSS pixels, as the rest
 * @param {number} y
 * @param {number} width
 * @param {number} height
 * @returns {SVGImageElement} what the canvas shows now
 */
export function imageOf(canvas, x, y, width, height) {
  const href = canvas.toDataURL('image/png');
  return svg('image', { href, x, y, width, height, preserveAspectRatio: 'none' });
}

/**
 * @param {...string} parts - such as the data set, the view and the epoch
 * @returns {string} a file's name, without its ending
 */
export function fileName(...parts) {
  const words = parts.map((text) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-'));
  return words
    .map((word) => word.replace(/^-+|-+$/g, ''))
    .filter(Boolean)
    .join('-');
}

/**
 * Have the browser save a drawing.
 *
 * @param {SVGSVGElement} drawing - with `width` and `height`, and with every colour in its attributes
 * @param {PictureFormat} format
 * @param {string} name - of the file, without its ending
 */
export async function savePicture(drawing, format, name) {
  drawing.setAttribute('xmlns', NAMESPACE);
  const text = new XMLSerializer().serializeToString(drawing);
  const file = new Blob([text], { type: 'image/svg+xml' });
  const size = [drawing.getAttribute('width'), drawing.getAttribute('height')].map(Number);
  saveFile(format === 'svg' ? file : await painted(file, size[0], size[1]), `${name}.${format}`);
}

/**
 * Have the browser save a file.
 *
 * @param {Blob} content
 * @param {string} name
 */
export function saveFile(content, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // Not at once: some browsers begin to read only later.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/**
 * @param {Blob} file - an SVG
 * @param {number} width - CSS pixels
 * @param {number} height - CSS pixels
 * @returns {Promise<Blob>} a PNG
 */
async function painted(file, width, height) {
  const image = new Image(width, height);
  image.src = URL.createObjectURL(file);
  try {
    await image.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [width * SCALE, height * SCALE];
    const context = canvas.getContext('2d');
    context?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => {
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The picture could not be made.'))));
    });
  } finally {
    URL.revokeObjectURL(image.src);
  }
}
