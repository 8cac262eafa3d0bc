import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SCRIPTS = join(ROOT, 'static/js');

/** @param {string} name - path below static/js */
const read = (name) => readFileSync(join(SCRIPTS, name), 'utf8');

const AT_ONCE = /^import .*?from '(\.[^']+)';/gms;
const LATER = /(?:=|=>|await) import\('(\.[^']+)'\)/g;

/**
 * @param {string} name
 * @param {RegExp[]} imports - which kinds of them are followed
 * @param {Set<string>} found
 */
function reach(name, imports = [AT_ONCE], found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  for (const kind of imports) {
    for (const [, target] of read(name).matchAll(kind)) {
      reach(normalize(join(dirname(name), target)), imports, found);
    }
  }
  return found;
}

const page = readFileSync(join(ROOT, 'templates/index.html'), 'utf8');

test('every module that the page runs is fetched at once, and nothing else', () => {
  const lists = [...page.matchAll(/\{% for name in \[([^\]]*)\] %\}\s*<link rel="modulepreload"/g)].map(
    ([, list]) => list,
  );
  const preloaded = [...lists.join().matchAll(/'([\w/-]+)'/g)].map(([, name]) => `${name}.js`);
  preloaded.push('early.js'); // a script of the page itself
  assert.deepEqual(preloaded.sort(), [...reach('main.js')].sort());
});

test('no module lies about unused', () => {
  const inPage = [...page.matchAll(/filename='js\/([\w-]+\.js)'/g)].map(([, name]) => name);
  const types = ['view.js']; // for the type checker only
  const used = new Set([...reach('main.js', [AT_ONCE, LATER]), ...inPage, ...types]);
  const files = readdirSync(SCRIPTS, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.js'),
  );
  assert.deepEqual(
    files.filter((name) => !used.has(name)),
    [],
  );
});

test('a view knows the store by its types only, and no other view but the fields and its own parts', () => {
  const views = readdirSync(join(SCRIPTS, 'views'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.js'),
  );
  for (const name of views) {
    const own = name.split(/[/.]/)[0];
    for (const [, target] of read(`views/${name}`).matchAll(/^import .*?from '([^']+)';/gms)) {
      assert.match(
        normalize(join('views', dirname(name), target)),
        new RegExp(`^(lib/|views/(setting-fields|field)\\.js|views/${own}/|theme\\.js)`),
        `${name}: ${target}`,
      );
    }
  }
});
