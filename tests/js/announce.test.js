import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createNarrator } from '../../static/js/lib/announce.js';

/** @import {PageState} from '../../static/js/store.js' */

/**
 * @param {{playing?: boolean, epoch?: number, loss?: number, accuracy?: number, stopped?: string, tested?: number,
 *   problem?: string}} now
 * @returns {PageState} as far as the narrator looks at it
 */
function stateOf({ playing = false, epoch = 0, loss = 0.5, accuracy = 0.96, stopped = '', ...other }) {
  const { tested = 150, problem = 'binary' } = other;
  return /** @type {PageState} */ (
    /** @type {unknown} */ ({
      run: { playing, epoch, step: epoch * 10, stopped },
      picture: { epoch, losses: [2 * loss, loss, 1, accuracy] },
      data: { test: { count: tested } },
      experiment: { problem },
    })
  );
}

test('ten seconds of training at 60 pictures a second are two sentences', () => {
  const narrate = createNarrator();
  const said = [];
  for (let frame = 0; frame <= 600; frame++) {
    const state = stateOf({ playing: true, epoch: frame, loss: 1 / (1 + frame) });
    const { sentence } = narrate(state, 20_000 + (frame * 10_000) / 600);
    if (sentence) said.push(sentence);
  }
  assert.deepEqual(said, [
    'Training goes on from epoch 0.',
    'Epoch 600. Test loss 0.0017, falling. 6 of 150 test points wrong.',
  ]);
});

test('a loss that rises or hardly changes is said to', () => {
  const narrate = createNarrator();
  narrate(stateOf({ playing: true, loss: 0.5 }), 0);
  const rising = narrate(stateOf({ playing: true, epoch: 9, loss: 0.6 }), 10_000);
  assert.match(rising.sentence, /Test loss 0\.6, rising\./);
  const level = narrate(stateOf({ playing: true, epoch: 18, loss: 0.601 }), 20_000);
  assert.match(level.sentence, /Test loss 0\.6, hardly changing\./);
});

test('a pause is told once, when it has settled', () => {
  const narrate = createNarrator();
  narrate(stateOf({ playing: true }), 0);
  const paused = stateOf({ epoch: 340, loss: 0.12 });
  const { sentence, wait } = narrate(paused, 1000);
  assert.equal(sentence, '');
  assert.equal(
    narrate(paused, 1000 + wait).sentence,
    'Paused. Epoch 340. Test loss 0.12. 6 of 150 test points wrong.',
  );
  assert.equal(narrate(paused, 9000).sentence, '');
});

test('where a message says why it stopped, only how it stands is told', () => {
  const narrate = createNarrator();
  narrate(stateOf({ playing: true }), 0);
  const stopped = stateOf({ epoch: 10, stopped: 'Stopped at epoch 10.' });
  const { wait } = narrate(stopped, 1000);
  assert.match(narrate(stopped, 1000 + wait).sentence, /^Epoch 10\./);
});

test('of many steps in a row only the last is told', () => {
  const narrate = createNarrator();
  const said = [];
  for (let epoch = 1; epoch <= 8; epoch++) said.push(narrate(stateOf({ epoch }), epoch * 200).sentence);
  const last = narrate(stateOf({ epoch: 8 }), 8 * 200 + 600);
  assert.deepEqual(said.filter(Boolean), []);
  assert.match(last.sentence, /^Epoch 8\. Test loss/);
});

test('what is not known is not told', () => {
  const narrate = createNarrator();
  narrate(stateOf({ playing: true }), 0);
  const untested = stateOf({ playing: true, epoch: 5, tested: 0, loss: 0.1 });
  assert.equal(narrate(untested, 10_000).sentence, 'Epoch 5. Training loss 0.2, falling.');
  const endless = stateOf({ playing: true, epoch: 6, loss: NaN, accuracy: NaN });
  assert.equal(narrate(endless, 20_000).sentence, 'Epoch 6.');
  const regression = stateOf({ playing: true, epoch: 7, problem: 'regression', accuracy: 0.81 });
  assert.match(narrate(regression, 30_000).sentence, /R² 0\.81 on the test points\.$/);
});
