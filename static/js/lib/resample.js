/**
 * Fields of uint8 values, brought to any size and coloured.
 *
 * The values are interpolated and the colours looked up afterwards. Having the canvas scale a coloured picture smoothly
 * takes several times as long without a graphics card, and every canvas that is scaled on the page costs again.
 */

/**
 * @typedef {Object} Taps - for each pixel of a line, the two values that it lies between
 * @property {Uint16Array} from - index of the first
 * @property {Uint16Array} share - of the second, 0 to 256
 */

/**
 * @typedef {Object} Target - a square within an image
 * @property {Uint32Array} pixels - of the image
 * @property {number} start - index of the square's first pixel
 * @property {number} stride - pixels in a line of the image
 * @property {number} size - pixels along each side of the square
 */

/** @type {Map<string, Taps>} */
const knownTaps = new Map();

/** Values of two neighbouring lines between each other, times 256, for one line of pixels. */
let line = new Int32Array(0);

/**
 * Draw one plane of a field, interpolated.
 *
 * @param {Target} target
 * @param {Uint8Array} values
 * @param {number} plane - index of the plane's first value
 * @param {number} side - values along each side of the plane
 * @param {Uint32Array} table - 256 pixels
 */
export function drawSmooth({ pixels, start, stride, size }, values, plane, side, table) {
  const { from, share } = tapsOf(side, size);
  if (line.length <= side) line = new Int32Array(side + 1);
  for (let row = 0; row < size; row++) {
    const upper = plane + from[row] * side;
    const lower = from[row] + 1 < side ? upper + side : upper;
    const down = share[row];
    for (let column = 0; column < side; column++) {
      const value = values[upper + column];
      line[column] = (value << 8) + (values[lower + column] - value) * down;
    }
    line[side] = line[side - 1];
    const first = start + row * stride;
    for (let column = 0; column < size; column++) {
      const at = from[column];
      const value = line[at];
      pixels[first + column] = table[((value << 8) + (line[at + 1] - value) * share[column] + 32768) >> 16];
    }
  }
}

/**
 * Draw the value nearest to each pixel, by a colour of its place.
 *
 * @param {Target} target
 * @param {number} side - values along each side of the field
 * @param {(at: number) => number} color - a pixel, by the index of the value
 */
export function drawNearest({ pixels, start, stride, size }, side, color) {
  for (let row = 0; row < size; row++) {
    const first = Math.floor(((row + 0.5) * side) / size) * side;
    for (let column = 0; column < size; column++) {
      const at = first + Math.floor(((column + 0.5) * side) / size);
      pixels[start + row * stride + column] = color(at);
    }
  }
}

/**
 * Return between which values each pixel lies; values stand for the centres of squares.
 *
 * @param {number} side - values in a line
 * @param {number} size - pixels in a line
 * @returns {Taps}
 */
function tapsOf(side, size) {
  const key = `${side} ${size}`;
  let taps = knownTaps.get(key);
  if (!taps) {
    taps = { from: new Uint16Array(size), share: new Uint16Array(size) };
    for (let pixel = 0; pixel < size; pixel++) {
      const place = Math.min(side - 1, Math.max(0, ((pixel + 0.5) * side) / size - 0.5));
      taps.from[pixel] = Math.floor(place);
      taps.share[pixel] = Math.round((place - Math.floor(place)) * 256);
    }
    knownTaps.set(key, taps);
  }
  return taps;
}
