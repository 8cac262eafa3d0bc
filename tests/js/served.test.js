import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parsers } from 'prettier/plugins/babel';
import { parsers as sheets } from 'prettier/plugins/postcss';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

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
  'raws',
  'source',
  'sourceIndex',
  'startOffset',
  'endOffset',
  'inputs',
]);

/**
 * @param {string} source
 * @returns {Promise<string>} the program, without its comments
 */
async function program(source) {
  const tree = await parsers.babel.parse(source, /** @type {never} */ ({}));
  return JSON.stringify(tree.program, (key, value) => (BESIDE.has(key) ? undefined : value));
}

/**
 * @param {string} source
 * @returns {Promise<string>} the rules, without comments, and with one space for any white space
 */
async function rules(source) {
  const tree = await sheets.css.parse(source, /** @type {never} */ ({}));
  return JSON.stringify(tree, (key, value) => {
    if (BESIDE.has(key)) return undefined;
    if (Array.isArray(value)) return value.filter((each) => each?.type !== 'css-comment');
    return typeof value === 'string' ? value.replace(/\s+/g, ' ') : value;
  });
}

/**
 * @param {'js' | 'css'} kind
 * @returns {[path: string, served: string][]} every file of ours
 */
function servedFiles(kind) {
  const folder = `${ROOT}static/${kind}`;
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const paths = names.filter((name) => name.endsWith(`.${kind}`)).map((name) => `${folder}/${name}`);
  const script =
    'import json, sys; from playground.server.assets import bare; ' +
    "print(json.dumps({name: bare(open(name, 'rb').read()).decode() for name in json.load(sys.stdin)}))";
  const python = process.env.PYTHON ?? `${ROOT}.venv/bin/python`;
  const input = JSON.stringify(paths);
  return Object.entries(
    JSON.parse(execFileSync(python, ['-c', script], { cwd: ROOT, input, encoding: 'utf8' })),
  );
}

test('a module is served without its comments and indentation, and is the same program', async () => {
  const served = servedFiles('js');
  assert.ok(served.length > 50);
  for (const [path, text] of served) {
    assert.ok((await program(text)) === (await program(readFileSync(path, 'utf8'))), path);
    assert.ok(!/^ *\/\*\*/m.test(text.replace(/\/\*\* @type .*\*\/ ?\(/g, '')), path);
    assert.ok(!/^\s/m.test(text), path);
  }
});

test('a style sheet is served without its comments and indentation, and has the same rules', async () => {
  const served = servedFiles('css');
  assert.ok(served.length > 10);
  for (const [path, text] of served) {
    assert.ok((await rules(text)) === (await rules(readFileSync(path, 'utf8'))), path);
    assert.ok(!/^(\/\*|\s)/m.test(text), path);
  }
});
