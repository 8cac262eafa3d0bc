import assert from 'node:assert/strict';
import { test } from 'node:test';

import { said, t, tn } from '../../static/js/lib/words.js';

test('a text is filled with its values, numbers with their marks', () => {
  assert.equal(t('Epoch {epoch} of {end}', { epoch: 1234567, end: 'all' }), 'Epoch 1,234,567 of all');
  assert.equal(t('{rate}', { rate: -0.0001 }), '−0.0001');
  assert.equal(t('a {brace} that nothing is for'), 'a {brace} that nothing is for');
});

test('a count chooses its form', () => {
  const points = (/** @type {number} */ n) => tn('{n} point', '{n} points', n);
  assert.deepEqual([0, 1, 2, 1001, 1.5].map(points), [
    '0 points',
    '1 point',
    '2 points',
    '1,001 points',
    '1.5 points',
  ]);
});

test('each text of a message is said, and all else left as it is', () => {
  const bytes = new Uint8Array([1, 2]);
  const message = {
    refusal: {
      field: 'noise',
      message: ['{what} It is ignored.', { what: ['Too {how}.', { how: 'much' }] }],
    },
    marks: [{ epoch: 2, text: ['{text}', { text: 'Own {points}' }] }],
    config: { hidden: [4, 2], names: ['a', 'b'] },
    bytes,
  };
  const plain = said(message);
  assert.equal(plain.refusal.message, 'Too much. It is ignored.');
  assert.equal(plain.marks[0].text, 'Own {points}');
  assert.deepEqual(plain.config, message.config);
  assert.equal(plain.bytes, bytes);
});
