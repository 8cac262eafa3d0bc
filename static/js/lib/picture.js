/**
 * A frame of the wire, unpacked into arrays that views can draw.
 */
import { bytesOf } from './bytes.js';

/** @import {Frame} from '../protocol.js' */

/**
 * @typedef {Object} Layered - numbers in several planes
 * @property {Uint8Array} values
 * @property {number} count - planes
 * @property {number} side - pixels along each side of a plane
 */

/**
 * @typedef {Object} Picture
 * @property {number} number
 * @property {number} revision
 * @property {number} epoch
 * @property {number} step
 * @property {number} samplesSeen - of the present epoch; 0 between epochs
 * @property {number} epochsPerSecond
 * @property {number} learningRate - the present one, as a schedule has it
 * @property {Layered | null} output
 * @property {Float32Array | null} curve - of one input: the answer from left to right
 * @property {Layered | null} maps
 * @property {Float32Array | null} mapScales - the activation that a map's 255 stands for
 * @property {Float32Array | null} weights - layer by layer the kernel row by row, then the biases
 * @property {Float32Array | null} losses - of training and test: loss, accuracy (or R²), mean absolute error
 * @property {Uint8Array | null} mistakes - 1 for each point that is answered wrongly, those of training first
 * @property {Float32Array | null} confusion - for training and test, row by row: true class, class that is answered
 * @property {Float32Array | null} weightHistograms - of each layer: low, high, counts
 * @property {Float32Array | null} gradientHistograms - of each layer: low, high, counts
 */

/**
 * Undo zlib's compression.
 *
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Promise<ArrayBuffer>}
 */
export async function inflate(bytes) {
  const { readable, writable } = new DecompressionStream('deflate');
  const writer = writable.getWriter();
  // Its errors come out at the other end, where they are awaited.
  writer.write(bytes).catch(() => {});
  writer.close().catch(() => {});
  return new Response(readable).arrayBuffer();
}

/**
 * @param {Frame} frame
 * @returns {Promise<Picture>}
 */
export async function unpack(frame) {
  const buffer = await inflate(bytesOf(frame.payload));
  /** @type {Map<string, Float32Array | Layered>} */
  const arrays = new Map();
  let offset = 0;
  for (const [name, dtype, shape] of frame.parts) {
    const length = shape.reduce((product, size) => product * size, 1);
    if (dtype === 'float32') {
      arrays.set(name, new Float32Array(buffer, offset, length));
      offset += 4 * length;
    } else {
      const [count = 0, side = 0] = shape;
      arrays.set(name, { values: new Uint8Array(buffer, offset, length), count, side });
      offset += length;
    }
  }
  /** @param {string} name */
  const numbers = (name) => /** @type {Float32Array | undefined} */ (arrays.get(name)) ?? null;
  /** @param {string} name */
  const layered = (name) => /** @type {Layered | undefined} */ (arrays.get(name)) ?? null;
  return {
    number: frame.number,
    revision: frame.revision,
    epoch: frame.epoch,
    step: frame.step,
    samplesSeen: frame.samples_seen,
    epochsPerSecond: frame.epochs_per_second,
    learningRate: frame.learning_rate,
    output: layered('output'),
    curve: numbers('curve'),
    maps: layered('maps'),
    mapScales: numbers('map_scales'),
    weights: numbers('weights'),
    losses: numbers('losses'),
    mistakes: layered('mistakes')?.values ?? null,
    confusion: numbers('confusion'),
    weightHistograms: numbers('weight_histograms'),
    gradientHistograms: numbers('gradient_histograms'),
  };
}

/**
 * @callback OnPicture
 * @param {number} number - of the frame
 * @param {Picture | null} picture - null if the frame cannot be unpacked
 * @param {Uint8Array} rows - of the history, as they came with the frame
 * @returns {void}
 */

/**
 * Return a function that takes frames and hands on their pictures in the order in which the frames came,
 * whichever is unpacked first. Its promise rejects for a frame that cannot be unpacked; those after it come all the
 * same.
 *
 * @param {OnPicture} onPicture
 * @param {(frame: Frame) => Promise<Picture>} [unpackFrame]
 * @returns {(frame: Frame, rows: Uint8Array) => Promise<void>}
 */
export function inOrder(onPicture, unpackFrame = unpack) {
  let last = Promise.resolve();
  return (frame, rows) => {
    const handedOn = Promise.allSettled([unpackFrame(frame), last]).then(([unpacked]) => {
      onPicture(frame.number, unpacked.status === 'fulfilled' ? unpacked.value : null, rows);
      if (unpacked.status === 'rejected') throw unpacked.reason;
    });
    last = handedOn.catch(() => {}); // its taker hears of it
    return handedOn;
  };
}
