/**
 * Colours between colours, mixed in OKLab so that equal steps look equal.
 *
 * A colour is [red, green, blue], each from 0 to 255.
 */

/** @typedef {[number, number, number]} Color */

/**
 * Read a colour as browsers write it: "rgb(1, 2, 3)" or "color(srgb 0.1 0.2 0.3)".
 *
 * @param {string} text
 * @returns {Color}
 */
export function parseColor(text) {
  const [red = 0, green = 0, blue = 0] = (text.match(/-?[\d.]+(?:e-?\d+)?/g) ?? []).map(Number);
  return text.startsWith('color(') ? [red * 255, green * 255, blue * 255] : [red, green, blue];
}

/**
 * Return a function of the share, 0 to 1, of the way from one colour to another.
 *
 * @param {Color} from
 * @param {Color} to
 * @returns {(share: number) => Color}
 */
export function gradient(from, to) {
  const [L, a, b] = toOklab(from);
  const [toL, toA, toB] = toOklab(to);
  return (share) => fromOklab([L + (toL - L) * share, a + (toA - a) * share, b + (toB - b) * share]);
}

/**
 * Return a colour as one pixel of a canvas.
 *
 * @param {Color} color
 * @returns {number} what a Uint32Array over an ImageData's bytes holds on a little-endian machine
 */
export function pixel([red, green, blue]) {
  return ((255 << 24) | (Math.round(blue) << 16) | (Math.round(green) << 8) | Math.round(red)) >>> 0;
}

/**
 * @param {Color} color
 * @returns {string} CSS
 */
export function css([red, green, blue]) {
  return `rgb(${Math.round(red)} ${Math.round(green)} ${Math.round(blue)})`;
}

/**
 * @param {Color} color
 * @returns {Color} lightness, green–red, blue–yellow; Ottosson (2020)
 */
function toOklab(color) {
  const [r, g, b] = color.map((channel) => {
    const c = channel / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/**
 * @param {Color} lab
 * @returns {Color}
 */
function fromOklab([L, a, b]) {
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  const [red, green, blue] = linear.map((c) => {
    const channel = c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055;
    return Math.min(255, Math.max(0, channel * 255));
  });
  return [red, green, blue];
}
