import assert from 'node:assert/strict';
import { test } from 'node:test';

import { freeName, openShelf, passingShelf } from '../../static/js/lib/saved-runs.js';

/** @param {string} name */
const run = (name, kept = '2026-01-01T00:00:00.000Z') => ({
  name,
  picture: '',
  kept,
  summary: {
    saved: kept,
    link: '',
    label: '',
    problem: 'binary',
    config: {},
    epoch: 0,
    lacks: '',
    losses: [],
  },
});

test('where the browser keeps nothing, runs are kept for this page', async () => {
  assert.equal((await openShelf()).lasting, false); // Node has no such storage
});

test('the newest run comes first, and of two of a moment the later one', async () => {
  const shelf = passingShelf();
  await shelf.put(run('old', '2025-05-01T00:00:00.000Z'), '');
  await shelf.put(run('new', '2026-05-01T00:00:00.000Z'), '');
  await shelf.put(run('newest', '2026-05-01T00:00:00.000Z'), '');
  assert.deepEqual(
    (await shelf.list()).map(({ name }) => name),
    ['newest', 'new', 'old'],
  );
});

test('a run that is put back after it was deleted is the same again', async () => {
  const shelf = passingShelf();
  const id = await shelf.put(run('a'), 'document of a');
  await shelf.rename(id, 'b');
  const [kept] = await shelf.list();
  assert.equal(kept.name, 'b');
  await shelf.remove(id);
  assert.deepEqual(await shelf.list(), []);
  await assert.rejects(shelf.document(id));
  assert.equal(await shelf.put(kept, 'document of a'), id);
  assert.equal(await shelf.document(id), 'document of a');
  assert.deepEqual(await shelf.list(), [kept]);
  assert.notEqual(await shelf.put(run('another'), ''), id);
});

test('a name that is taken gets the first number that is free', () => {
  assert.equal(freeName('Moons', []), 'Moons');
  assert.equal(freeName('Moons', ['Moons', 'Moons (3)']), 'Moons (2)');
  assert.equal(freeName('Moons', ['Moons', 'Moons (2)', 'Moons (3)']), 'Moons (4)');
});
