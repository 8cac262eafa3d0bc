import assert from 'node:assert/strict';
import { test } from 'node:test';

import { hidingRule, isHidden } from '../../static/js/lib/hiding.js';

test('nothing is hidden by no name, nor by one that could be more than a name', () => {
  assert.equal(hidingRule([], []), '');
  assert.equal(hidingRule([''], []), '');
  assert.equal(hidingRule(["'] , body {}", '<img>', '}', 'a b'], []), '');
});

test('a fold goes when all that it holds does', () => {
  const folds = ['optimizer schedule', 'loss'];
  assert.doesNotMatch(hidingRule(['optimizer'], folds), /data-holds='/);
  assert.match(hidingRule(['schedule', 'optimizer'], folds), /\[data-holds='optimizer schedule'\]/);
  assert.doesNotMatch(hidingRule(['schedule', 'optimizer'], folds), /\[data-holds='loss'\]/);
});

test('a control is hidden by its whole name', () => {
  assert.ok(isHidden('play,input.x1', 'input.x1'));
  assert.ok(!isHidden('play,input.x1_squared', 'input.x1'));
  assert.ok(!isHidden('', 'play'));
});
