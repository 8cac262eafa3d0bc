import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';

import { inOrder, unpack } from '../../static/js/lib/picture.js';

/** @import {Frame} from '../../static/js/protocol.js' */
/** @import {Picture} from '../../static/js/lib/picture.js' */

const NO_ROWS = new Uint8Array();

/**
 * @param {Partial<Frame>} parts
 * @returns {Frame}
 */
function frame(parts) {
  return {
    number: 1,
    revision: 1,
    epoch: 0,
    step: 0,
    samples_seen: 0,
    epochs_per_second: 0,
    learning_rate: 0.1,
    parts: [],
    payload: deflateSync(new Uint8Array()),
    ...parts,
  };
}

test('a frame gives back the arrays that went into it', async () => {
  const weights = Float32Array.of(0.5, -2, 3);
  const maps = Uint8Array.from({ length: 2 * 3 * 3 }, (_, index) => index * 7);
  const payload = Buffer.concat([new Uint8Array(weights.buffer), maps]);
  const picture = await unpack(
    frame({
      epoch: 12,
      parts: [
        ['weights', 'float32', [3]],
        ['maps', 'uint8', [2, 3, 3]],
      ],
      payload: new Uint8Array(deflateSync(payload)),
    }),
  );
  assert.deepEqual([...(picture.weights ?? [])], [0.5, -2, 3]);
  assert.deepEqual([...(picture.maps?.values ?? [])], [...maps]);
  assert.deepEqual([picture.maps?.count, picture.maps?.side, picture.epoch], [2, 3, 12]);
});

test('what a frame does not carry is null', async () => {
  const picture = await unpack(frame({}));
  assert.deepEqual([picture.output, picture.maps, picture.weights, picture.losses], [null, null, null, null]);
});

test('pictures come in the order of their frames, whichever is unpacked first', async () => {
  /** @type {((picture: Picture) => void)[]} */
  const finish = [];
  /** @type {number[]} */
  const seen = [];
  const take = inOrder(
    (number) => seen.push(number),
    () => new Promise((resolve) => finish.push(resolve)),
  );
  const done = [1, 2, 3].map((number) => take(frame({ number }), NO_ROWS));
  const empty = await unpack(frame({}));
  for (const number of [3, 1, 2]) finish[number - 1]({ ...empty, number });
  await Promise.all(done);
  assert.deepEqual(seen, [1, 2, 3]);
});

test('a frame that cannot be unpacked is told of and holds up none', async () => {
  /** @type {[number, boolean][]} */
  const seen = [];
  const take = inOrder((number, picture) => seen.push([number, picture !== null]));
  const broken = take(frame({ number: 1, payload: Uint8Array.of(1, 2, 3) }), NO_ROWS);
  const whole = take(frame({ number: 2 }), NO_ROWS);
  await assert.rejects(broken);
  await whole;
  assert.deepEqual(seen, [
    [1, false],
    [2, true],
  ]);
});
