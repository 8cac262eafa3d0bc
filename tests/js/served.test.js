import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parsers } from 'prettier/plugins/babel';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MODULES = readdirSync(`${ROOT}/static/js`, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.js'),
);

/** What a syntax tree says of places in the text, and of comments. */
const BESIDE = new Set([
  'start',
  'end',
  'loc',
  'range',
  'extra',
  'comments',
  'leadingComments',
  'trailingComments',
  'innerComments',
  'tokens',
  '__contentEnd',
]);

/**
 * @param {string} source
 * @returns {Promise<string>} the program, without its comments
 */
async function program(source) {
  const tree = await parsers.babel.parse(source, /** @type {never} */ ({}));
  return JSON.stringify(tree.program, (key, value) => (BESIDE.has(key) ? undefined : value));
}

test('a module is served without its comments, and is the same program', async () => {
  const script =
    'import json, sys; from playground.server.assets import without_comments; ' +
    "print(json.dumps({name: without_comments(open(name, 'rb').read()).decode() for name in json.load(sys.stdin)}))";
  const python = process.env.PYTHON ?? `${ROOT}/.venv/bin/python`;
  const input = JSON.stringify(MODULES.map((name) => `${ROOT}/static/js/${name}`));
  const served = JSON.parse(execFileSync(python, ['-c', script], { cwd: ROOT, input, encoding: 'utf8' }));
  assert.ok(MODULES.length > 50);
  for (const [path, text] of Object.entries(served)) {
    assert.ok((await program(text)) === (await program(readFileSync(path, 'utf8'))), path);
    assert.ok(!/^ *\/\*\*/m.test(text.replace(/\/\*\* @type .*\*\/ ?\(/g, '')), path);
  }
});
