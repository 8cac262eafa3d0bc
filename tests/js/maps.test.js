import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createGlide } from '../../static/js/lib/motion.js';
import { createMaps } from '../../static/js/views/network/maps.js';

/** @import {Palette} from '../../static/js/palette.js' */
/** @import {Picture} from '../../static/js/lib/picture.js' */
/** @import {Plan} from '../../static/js/lib/plan.js' */

// What a browser has and this test needs.
class Image {
  /**
   * @param {number} width
   * @param {number} height
   */
  constructor(width, height) {
    Object.assign(this, { width, height, data: new Uint8ClampedArray(4 * width * height) });
  }
}
Object.assign(globalThis, { ImageData: Image, window: { devicePixelRatio: 1 } });

const SIDE = 10;

function scene() {
  const keys = [['in'], ['a 0', 'a 1', 'a 2'], ['b 0', 'b 1'], ['out']];
  /** @type {{left: number, top: number, image: ImageData}[]} */
  const put = [];
  const context = {
    canvas: { width: 0, height: 0 },
    clearRect() {},
    /**
     * @param {ImageData} image
     * @param {number} left
     * @param {number} top
     */
    putImageData: (image, left, top) => put.push({ left, top, image }),
  };
  const diverging = Uint32Array.from({ length: 256 }, (_, index) => (0xff000000 | index) >>> 0);
  const palette = /** @type {Palette} */ ({ diverging });
  const maps = createMaps(
    /** @type {CanvasRenderingContext2D} */ (/** @type {unknown} */ (context)),
    () => palette,
  );
  const glide = createGlide(() => true);
  const spots = keys.flatMap((layer, column) =>
    layer.map(
      (key, row) => /** @type {const} */ ([key, { x: 50 + 100 * column, y: 30 + 50 * row, size: 40 }]),
    ),
  );
  glide.to(new Map(spots), 0);
  const plan = /** @type {Plan} */ (
    /** @type {unknown} */ ({ keys, experiment: { problem: 'binary', thresholds: [0, 0] } })
  );
  maps.move(plan, glide, { width: 400, height: 200 });
  /** @param {number[]} levels - of the hidden neurons, then of the output */
  const picture = (levels) => {
    const planes = levels.map((level) => new Uint8Array(SIDE * SIDE).fill(level));
    const values = Uint8Array.from(planes.slice(0, -1).flatMap((plane) => [...plane]));
    return /** @type {Picture} */ (
      /** @type {unknown} */ ({
        maps: { values, count: levels.length - 1, side: SIDE },
        output: { values: planes.at(-1), count: 1, side: SIDE },
      })
    );
  };
  /** @param {number} x @param {number} y */
  const at = (x, y) => {
    const found = put.findLast(
      ({ left, top, image }) => x >= left && x < left + image.width && y >= top && y < top + image.height,
    );
    return found && found.image.data[4 * ((y - found.top) * found.image.width + x - found.left)];
  };
  return { maps, plan, glide, put, picture, at };
}

test('each neuron shows its own map where it stands', () => {
  const { maps, plan, picture, at } = scene();
  maps.show(plan, picture([11, 12, 13, 21, 22, 99]), false);
  assert.deepEqual(
    [at(150, 30), at(150, 80), at(150, 130), at(250, 30), at(250, 80), at(350, 30)],
    [11, 12, 13, 21, 22, 99],
  );
});

test('a picture costs one write for each layer, however many neurons there are', () => {
  const { maps, plan, picture, put } = scene();
  put.length = 0;
  maps.show(plan, picture([1, 2, 3, 4, 5, 6]), false);
  assert.equal(put.length, 3);
});

test('a neuron that moves takes its map along', () => {
  const { maps, plan, glide, picture, at } = scene();
  maps.show(plan, picture([11, 12, 13, 21, 22, 99]), false);
  const down = plan.keys.flat().map((key) => /** @type {const} */ ([key, { ...glide.at(key), y: 160 }]));
  glide.to(new Map(down), 0);
  maps.move(plan, glide, { width: 400, height: 200 });
  assert.equal(at(350, 160), 99);
});

test('without a picture every map says 0', () => {
  const { maps, plan, picture, at } = scene();
  maps.show(plan, picture([11, 12, 13, 21, 22, 99]), false);
  maps.clear();
  assert.deepEqual([at(150, 30), at(350, 30)], [128, 128]);
});
