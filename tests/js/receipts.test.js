import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createReceipts } from '../../static/js/lib/receipts.js';

function account() {
  /** @type {number[]} */
  const sent = [];
  return { sent, receipts: createReceipts((number) => sent.push(number)) };
}

test('each picture is acknowledged once, when it has been dealt with', () => {
  const { sent, receipts } = account();
  receipts.came(1);
  assert.deepEqual(sent, []);
  receipts.settle();
  receipts.settle();
  receipts.came(2);
  receipts.settle();
  assert.deepEqual(sent, [1, 2]);
});

test('one receipt covers all that came since the last', () => {
  const { sent, receipts } = account();
  for (const number of [3, 4]) receipts.came(number);
  receipts.settle();
  assert.deepEqual(sent, [4]);
});

test('another run may count from the beginning', () => {
  const { sent, receipts } = account();
  for (const number of [9, 1]) {
    receipts.came(number);
    receipts.settle();
  }
  assert.deepEqual(sent, [9, 1]);
});
