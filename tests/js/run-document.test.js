import assert from 'node:assert/strict';
import { test } from 'node:test';

import { curvesOf, isSameRun, summaryOf, withOwn, withoutOwn } from '../../static/js/lib/run-document.js';

const PICTURE = 'data:image/webp;base64,UklGRg==';

/** As the server writes it: 1.0 and 1e-05 are not how JavaScript would write them. */
const DOCUMENT =
  '{"format":"neural-playground/run","version":1,"saved":"2026-01-02T03:04:05+00:00","link":"hidden=3",' +
  '"data_label":["Moons",{}],"problem":"binary","checkpoint":{"config":{"learning_rate":1e-05},' +
  '"now":{"epoch":7,"step":1.0}},"history":{"stride":5,' +
  '"columns":["test_loss","epoch","training_loss","another"],' +
  '"rows":[[0.5,0,0.75,1],[null,5,0.25,1],[0.125,7,0.0625,1]]}}\n';

test('columns are found by their names, and what is missing is not a number', () => {
  assert.deepEqual(curvesOf(DOCUMENT), {
    epoch: [0, 5, 7],
    training: [0.75, 0.25, 0.0625],
    test: [0.5, NaN, 0.125],
    trainingAccuracy: [NaN, NaN, NaN],
    testAccuracy: [NaN, NaN, NaN],
    trainingError: [NaN, NaN, NaN],
    testError: [NaN, NaN, NaN],
  });
});

test('a summary tells the last losses', () => {
  const { epoch, losses, link, config, label } = summaryOf(DOCUMENT);
  assert.deepEqual([epoch, link, label], [7, 'hidden=3', ['Moons', {}]]);
  assert.deepEqual(config, { learning_rate: 1e-5 });
  assert.deepEqual(losses, [0.0625, 0.125, NaN, NaN, NaN, NaN]);
});

test('name and picture are added and taken off without a change of anything else', () => {
  const own = { name: 'My "best" <b>run</b>', picture: PICTURE };
  const file = withOwn(DOCUMENT, own);
  assert.deepEqual(JSON.parse(file), { ...JSON.parse(DOCUMENT), ...own });
  assert.ok(file.includes('"step":1.0'));
  assert.deepEqual(withoutOwn(file), { document: DOCUMENT.trimEnd(), own });
  assert.deepEqual(withoutOwn(DOCUMENT), { document: DOCUMENT, own: { name: '', picture: '' } });
});

test('a file that somebody has written anew stays as it is, and its name is known', () => {
  const file = JSON.stringify({ name: 'Theirs', ...JSON.parse(DOCUMENT) }, null, 2);
  assert.deepEqual(withoutOwn(file), { document: file, own: { name: 'Theirs', picture: '' } });
});

test('a picture is taken only if it is one, and a name only if it is a text', () => {
  for (const picture of [
    'https://example.org/a.png',
    'data:image/svg+xml,<svg>',
    `${PICTURE}" onerror="x`,
    7,
    null,
  ]) {
    assert.equal(withoutOwn(JSON.stringify({ picture, name: ['x'] })).own.picture, '');
    assert.equal(withoutOwn(JSON.stringify({ picture, name: ['x'] })).own.name, '');
  }
  const large = `data:image/png;base64,${'A'.repeat(200_000)}`;
  assert.equal(withoutOwn(JSON.stringify({ picture: large })).own.picture, '');
});

test('a run is the same if its state is, whenever it was saved', () => {
  const later = DOCUMENT.replace('03:04:05', '04:05:06');
  assert.ok(isSameRun(DOCUMENT, later));
  assert.ok(!isSameRun(DOCUMENT, DOCUMENT.replace('"epoch":7', '"epoch":8')));
});
