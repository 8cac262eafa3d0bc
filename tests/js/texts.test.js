import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parsers } from 'prettier/plugins/babel';

const ROOT = fileURLToPath(new URL('../../static/js', import.meta.url));
const MODULES = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.js'),
);

/** Attributes and properties that people read, in a call of `html`, in an object, or assigned to. */
const READ = new Set([
  'alt',
  'aria-description',
  'aria-label',
  'aria-roledescription',
  'aria-valuetext',
  'ariaLabel',
  'automatic',
  'caption',
  'heading',
  'help',
  'innerText',
  'label',
  'message',
  'placeholder',
  'reason',
  'sentence',
  'text',
  'textContent',
  'title',
]);

/** What looks like a text, and is none. */
const NO_TEXT = new Map([
  ['playground compared', 'key of the browser’s storage'],
  ['playground hints taken', 'key of the browser’s storage'],
  ['playground run', 'key of the browser’s storage'],
  ['playground theme', 'key of the browser’s storage'],
  ['run documents', 'key of the browser’s storage'],
  ['io client disconnect', 'reason that socket.io gives'],
  ['io server disconnect', 'reason that socket.io gives'],
  ['Files', 'kind of what is dragged, as browsers call it'],
  ['POST', 'method of HTTP'],
  ['X-Run', 'header of HTTP'],
  ['X-File-Name', 'header of HTTP'],
  ['UTF-8', 'name of an encoding'],
  ['UTF-16', 'name of an encoding'],
  ['Windows-1252', 'name of an encoding'],
  ['Latin-1', 'name of an encoding'],
  ['data set/…', 'key of an explanation'],
  ['head …', 'key of what is placed in the network'],
  ['hidden …', 'key of what is placed in the network'],
  ['node …', 'class names'],
  ['… of …', 'key of a table of colours'],
  ['sin(x1 * x2)', 'a formula, the same in every language'],
]);

/**
 * @typedef {Object} Syntax - a node of a syntax tree, as far as this test looks
 * @property {string} type
 * @property {any} [value]
 * @property {any} [key]
 * @property {any} [name]
 * @property {any} [callee]
 * @property {any} [property]
 * @property {any} [left]
 * @property {any} [arguments]
 * @property {any} [quasis]
 * @property {any} [operator]
 * @property {any} [loc]
 */

/**
 * @typedef {Object} Literal
 * @property {string} text - of a template what stands between its values
 * @property {Syntax} node
 * @property {Syntax[]} above - from the nearest
 * @property {string} at - file and line
 */

/**
 * @param {unknown} value
 * @returns {value is Syntax}
 */
const isSyntax = (value) => typeof value === 'object' && value !== null && 'type' in value;

/**
 * @param {Syntax} node
 * @param {Syntax[]} above
 * @param {(node: Syntax, above: Syntax[]) => void} visit
 */
function walk(node, above, visit) {
  visit(node, above);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (isSyntax(child)) walk(child, [node, ...above], visit);
    }
  }
}

/**
 * @param {string} source
 * @param {string} name
 * @returns {Promise<{literals: Literal[], calls: {call: Syntax, at: string}[]}>} the literals, and the calls of `t`
 *   and `tn`
 */
async function read(source, name) {
  const tree = await parsers.babel.parse(source, /** @type {never} */ ({}));
  /** @type {Literal[]} */
  const literals = [];
  /** @type {{call: Syntax, at: string}[]} */
  const calls = [];
  walk(tree.program, [], (node, above) => {
    const at = `${name}:${node.loc?.start.line}`;
    if (node.type === 'StringLiteral') literals.push({ text: node.value, node, above, at });
    if (node.type === 'TemplateLiteral') {
      const text = node.quasis.map((/** @type {Syntax} */ { value }) => value.cooked).join('…');
      literals.push({ text, node, above, at });
    }
    if (node.type === 'CallExpression' && ['t', 'tn'].includes(node.callee.name))
      calls.push({ call: node, at });
  });
  return { literals, calls };
}

/**
 * @param {Syntax} node
 * @returns {string} the name of what is called, assigned to, or given
 */
function nameOf(node) {
  const { property } = node;
  return node.name ?? node.value ?? property?.name ?? property?.value ?? '';
}

/**
 * @param {Literal} literal
 * @returns {{parent: Syntax, child: Syntax}} what a literal is part of, be it as one of several possibilities
 */
function useOf({ node, above }) {
  const through = ['ConditionalExpression', 'LogicalExpression', 'TemplateLiteral', 'ArrayExpression'];
  let child = node;
  for (const parent of above) {
    const joined = parent.type === 'BinaryExpression' && parent.operator === '+';
    if (!joined && !through.includes(parent.type)) return { parent, child };
    child = parent;
  }
  throw new Error('A literal stands somewhere.');
}

/**
 * @param {Literal} literal
 * @returns {boolean} whether it is said in the page's language, or by its place cannot be read by people
 */
function isSaid(literal) {
  const { parent } = useOf(literal);
  const { type } = parent;
  if (type === 'CallExpression' && ['t', 'tn'].includes(parent.callee.name)) return true;
  if (type === 'NewExpression') return /Error$/.test(nameOf(parent.callee));
  return /^(Import|Export)/.test(type) || type === 'SwitchCase' || type === 'BinaryExpression';
}

/**
 * @param {Literal} literal
 * @returns {boolean} whether it stands where people read
 */
function isShown(literal) {
  const { parent, child } = useOf(literal);
  switch (parent.type) {
    case 'ObjectProperty':
      return parent.value === child && READ.has(nameOf(parent.key));
    case 'AssignmentExpression':
      return READ.has(nameOf(parent.left));
    case 'CallExpression': {
      const place = parent.arguments.indexOf(child);
      const called = nameOf(parent.callee);
      if (called === 'html' || called === 'svg') return place >= 2;
      if (called === 'setText') return place === 1;
      if (called === 'setAttribute') return place === 1 && READ.has(nameOf(parent.arguments[0]));
      return called === 'say' || called === 'append';
    }
  }
  return false;
}

/** @param {string} text */
const hasWord = (text) => /\p{L}{2,}/u.test(text);

/**
 * @param {string} text
 * @returns {boolean} whether it reads like words for people, wherever it stands
 */
function looksLikeText(text) {
  if (/\{ [a-z-]+: .*[;}]/.test(text)) return false; // a style sheet
  const classes = text.split(' ').every((word) => /^[a-z]+(-[a-z0-9…]+)*$/.test(word)) && text.includes('-');
  if (classes || /^[#.[:]|^(translate|rotate|url|var|M…)/.test(text)) return false;
  const sentence = /(^|[ (])\p{L}+[,:;.]? (…|\p{L}{2,})|… \p{L}{2,}/u.test(text);
  return sentence || /^\p{Lu}\p{Ll}+( |$)/u.test(text);
}

/** @param {Literal} literal */
function isUntranslated(literal) {
  const { text } = literal;
  if (isSaid(literal) || NO_TEXT.has(text)) return false;
  return isShown(literal) ? hasWord(text) : looksLikeText(text);
}

/**
 * @param {string} source
 * @returns {Promise<string[]>} the texts in it that are not translated
 */
async function untranslated(source) {
  const { literals } = await read(source, '');
  return literals.filter(isUntranslated).map(({ text }) => text);
}

test('a text that is not translated is found, and what is no text is not', async () => {
  assert.deepEqual(await untranslated("setText(node, 'loss')"), ['loss']);
  assert.deepEqual(await untranslated('setText(node, `${loss} in all`)'), ['… in all']);
  assert.deepEqual(await untranslated("html('p', { title: on ? 'on' : 'off' }, 'lost')"), [
    'on',
    'off',
    'lost',
  ]);
  assert.deepEqual(await untranslated("const why = 'it was lost';"), ['it was lost']);
  assert.deepEqual(await untranslated("node.setAttribute('aria-label', 'Loss')"), ['Loss']);
  assert.deepEqual(await untranslated("t('{a} more', { a: x ? 'Some words' : '' })"), ['Some words']);
  for (const fine of [
    "setText(node, t('It was lost.'))",
    "html('p', { class: 'field field-error', hidden: true }, name, '×')",
    "if (key === 'Escape') throw new Error('The page has none.');",
    "import { a } from './Some words.js';",
  ]) {
    assert.deepEqual(await untranslated(fine), [], fine);
  }
});

test('every text that people read is said in the language of the page', async () => {
  const missing = [];
  for (const name of MODULES) {
    const { literals } = await read(readFileSync(`${ROOT}/${name}`, 'utf8'), name);
    missing.push(...literals.filter(isUntranslated).map(({ text, at }) => `${at} ${text}`));
  }
  assert.deepEqual(missing, []);
});

/** @param {string} text */
const names = (text) => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))].sort();

test('a text to say is a literal, has a value for each name, and is counted everywhere or nowhere', async () => {
  /** @type {Map<string, string>} */
  const ways = new Map();
  for (const name of MODULES.filter((name) => name !== 'lib/words.js')) {
    const { calls } = await read(readFileSync(`${ROOT}/${name}`, 'utf8'), name);
    for (const { call, at } of calls) {
      const { name: way } = call.callee;
      const texts = call.arguments.slice(0, way === 't' ? 1 : 2);
      for (const text of texts) assert.equal(text?.type, 'StringLiteral', at);
      const key = texts[0].value;
      assert.equal(ways.get(key) ?? way, way, `${at}: ${key}`);
      ways.set(key, way);
      const values = call.arguments[way === 't' ? 1 : 3];
      const known = values?.type === 'ObjectExpression' ? values.properties : values ? null : [];
      if (!known?.every((/** @type {Syntax} */ { type }) => type === 'ObjectProperty')) continue;
      const given = known.map((/** @type {Syntax} */ { key }) => nameOf(key));
      for (const { value } of texts) {
        const wanted = names(value).filter((each) => way === 't' || each !== 'n');
        assert.deepEqual(wanted, given.sort(), `${at}: ${value}`);
      }
    }
  }
  assert.ok(ways.size > 150, 'as many texts as there are at least');
});

const TEMPLATES = fileURLToPath(new URL('../../templates', import.meta.url));

/**
 * @param {string} template
 * @returns {string[]} texts and attributes that are written in a template, without what is said in it
 */
function written(template) {
  const page = template
    .replace(/\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<!--.*?-->/gs, '')
    .replace(/<(script|style)\b.*?<\/\1>/gs, '');
  const read = [...page.matchAll(/\s(?:aria-label|aria-description|title|placeholder|alt)="([^"]*)"/g)];
  const described = [...page.matchAll(/name="description"\s+content="([^"]*)"/g)];
  const attributes = [...read, ...described].map(([, text]) => text);
  const texts = page.replace(/<[^>]*>/g, '\n').split('\n');
  return [...attributes, ...texts].map((text) => text.trim()).filter(hasWord);
}

test('every text of a template is said in the language of the page', () => {
  assert.deepEqual(written('<p title="{{ _("A") }}" aria-label="Loss">{{ _("Text") }} left<br>−</p>'), [
    'Loss',
    'left',
  ]);
  for (const name of readdirSync(TEMPLATES, { recursive: true, encoding: 'utf8' })) {
    if (name.endsWith('.html'))
      assert.deepEqual(written(readFileSync(`${TEMPLATES}/${name}`, 'utf8')), [], name);
  }
});
