/**
 * A run as one page that stands alone, to hand in or to print.
 */
import { day } from './dates.js';
import { html } from './element.js';
import { fixed, percent, whole } from './format.js';
import { settingsInWords } from './setting-words.js';
import { language, t, tn } from './words.js';

/** @import {Choices} from '../catalogue.js' */
/** @import {PageState} from '../store.js' */

/** @typedef {{network: SVGSVGElement[], output: SVGSVGElement[], curves: SVGSVGElement[]}} ReportPictures */

/**
 * @typedef {Object} ReportOptions
 * @property {string} title - or ""
 * @property {string} author - or ""
 * @property {Float32Array | null} confusion - for training and test, row by row: true class, class that is answered
 * @property {Date} made
 */

/** Nothing is fetched, nothing runs. */
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

/** How many shades a count can have. */
const SHADES = 8;

const STYLE = `
:root { color-scheme: light; --ink: #17191f; --muted: #5b606d; --line: #dddad3; --accent: #5546e0; }
* { box-sizing: border-box; }
body { max-width: 50rem; margin: 0 auto; padding: 2.5rem 1.5rem; color: var(--ink); background: #fff;
font: 0.95rem/1.45 system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', Arial, sans-serif; }
header { padding-bottom: 0.9rem; border-bottom: 3px solid var(--accent); }
h1 { margin: 0; font-size: 1.75rem; line-height: 1.2; letter-spacing: -0.015em; overflow-wrap: anywhere; }
h2 { margin: 1.9rem 0 0.6rem; font-size: 1.1rem; break-after: avoid; }
h3 { margin: 0 0 0.35rem; font-size: 0.9rem; font-weight: 600; break-after: avoid; }
p { margin: 0.3rem 0; }
.by, figcaption, .note, th, footer { color: var(--muted); }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.6rem, 1fr)); gap: 0.8rem; margin: 1.2rem 0 0; }
.facts dt { color: var(--muted); font-size: 0.8rem; }
.facts dd { margin: 0; font-weight: 600; overflow-wrap: anywhere; }
.pair, .stack { display: grid; grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)); gap: 1.2rem 1.6rem; align-items: start; }
figure { margin: 0; break-inside: avoid; }
figure svg { display: block; width: 100%; height: auto; max-height: 30rem; }
figcaption { margin-top: 0.3rem; font-size: 0.8rem; }
.stack { grid-template-columns: minmax(0, 1fr); }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th { font-size: 0.8rem; font-weight: 500; text-align: left; }
th, td { padding: 0.28rem 0.7rem 0.28rem 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
tbody th { color: var(--ink); font-size: inherit; font-weight: 400; }
tr { break-inside: avoid; }
.numbers td, .numbers thead th:not(:first-child) { text-align: right; }
.numbers td { font-weight: 600; }
.confusion td { padding: 0.28rem; border: 2px solid #fff; border-radius: 0.3rem; text-align: center; font-size: 0.88rem; }
.confusion th { padding: 0.28rem; border: 0; color: var(--muted); font-size: 0.75rem; }
.confusion thead th { text-align: center; }
${[...Array(SHADES + 1).keys()]
  .map(
    (shade) =>
      `.wrong-${shade} { background: rgb(179 38 30 / ${(4 + shade * 6).toFixed(0)}%); } ` +
      `.right-${shade} { background: rgb(85 70 224 / ${(4 + shade * 6).toFixed(0)}%); }`,
  )
  .join('\n')}
.changes { margin: 0; padding-left: 1.2rem; }
footer { margin-top: 2rem; padding-top: 0.8rem; border-top: 1px solid var(--line); font-size: 0.85rem; overflow-wrap: anywhere; }
a { color: var(--accent); }
@media print {
@page { size: A4; margin: 15mm; }
body { max-width: none; padding: 0; font-size: 10pt; }
figure svg { max-height: 95mm; }
* { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;

/**
 * @param {PageState} state - with an experiment
 * @param {Choices} choices
 * @param {ReportPictures} pictures
 * @param {ReportOptions} options
 * @returns {string} the text of an HTML file
 */
export function report(state, choices, pictures, { title, author, confusion, made }) {
  const { experiment, marks } = state;
  if (!experiment) throw new Error('A report needs an experiment.');
  const heading = title || t('A neural network for {data}', { data: experiment.data_label });
  const page = document.implementation.createHTMLDocument(heading);
  page.documentElement.lang = language;
  page.head.prepend(
    html('meta', { charset: 'utf-8' }),
    html('meta', { 'http-equiv': 'Content-Security-Policy', content: POLICY }),
    html('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
  );
  page.body.append(
    html(
      'header',
      {},
      html('h1', {}, heading),
      html('p', { class: 'by' }, [author, day(made)].filter(Boolean).join(' · ')),
    ),
    html(
      'main',
      {},
      facts(state),
      section(t('Result'), numbers(state)),
      section(t('Network'), ...pictures.network.map(figure)),
      section(
        t('Output and curves'),
        pair([
          ...pictures.output.map(figure),
          html('div', { class: 'stack' }, ...pictures.curves.map(figure)),
        ]),
      ),
      section(t('Right and wrong'), ...confusions(state, confusion)),
      section(t('What was changed while it trained'), ...changes(marks)),
      ...settings(experiment.config, choices),
    ),
    again(experiment.link, experiment.link_lacks),
  );
  page.querySelectorAll('svg').forEach(ownIds);
  // Only in the text: in an element, this page would refuse styles that are not from its files.
  const text = page.documentElement.outerHTML.replace('</head>', () => `<style>${STYLE}</style></head>`);
  return `<!doctype html>\n${text}\n`;
}

/**
 * @param {string} heading
 * @param {...HTMLElement} content
 * @returns {HTMLElement | string} nothing where there is no content
 */
function section(heading, ...content) {
  if (content.length === 0) return '';
  return html('section', {}, html('h2', {}, heading), ...content);
}

/** @param {HTMLElement[]} parts */
function pair(parts) {
  return html('div', { class: 'pair' }, ...parts);
}

/** @param {SVGSVGElement} drawing */
function figure(drawing) {
  drawing.setAttribute('role', 'img');
  return html('figure', {}, drawing);
}

/**
 * @param {PageState} state
 * @returns {HTMLElement}
 */
function facts({ experiment, data, picture, run }) {
  if (!experiment) return html('dl');
  const points = t('{training} training, {test} test', {
    training: whole(data?.train.count ?? 0),
    test: whole(data?.test.count ?? 0),
  });
  const trained = tn('{n} epoch', '{n} epochs', picture?.epoch ?? run?.epoch ?? 0);
  const updates = tn('{n} update', '{n} updates', picture?.step ?? run?.step ?? 0);
  const rows = [
    [t('Data'), experiment.data_label],
    [t('Points'), points],
    [t('Layers, from input to output'), experiment.layers.map(whole).join(' → ')],
    [t('Weights and biases'), whole(experiment.parameters)],
    [t('Trained'), t('{epochs}, {updates}', { epochs: trained, updates })],
  ];
  return html(
    'dl',
    { class: 'facts' },
    ...rows.map(([label, value]) => html('div', {}, html('dt', {}, label), html('dd', {}, value))),
  );
}

/**
 * @param {PageState} state
 * @returns {HTMLElement} losses and scores
 */
function numbers({ experiment, picture }) {
  const regression = experiment?.problem === 'regression';
  /** @type {[string, (value: number) => string][]} */
  const kinds = [[t('Loss'), fixed], regression ? [t('R²'), fixed] : [t('Accuracy'), percent]];
  if (regression) kinds.push([t('Mean absolute error'), fixed]);
  const rows = kinds.map(([label, written], kind) => [
    label,
    ...[0, 1].map((part) => written(picture?.losses?.[2 * kind + part] ?? NaN)),
  ]);
  return table('numbers', ['', t('Training'), t('Test')], rows);
}

/**
 * @param {string} kind - class name, or ""
 * @param {string[]} head
 * @param {string[][]} rows
 * @returns {HTMLElement}
 */
function table(kind, head, rows) {
  return html(
    'div',
    { class: 'scroll' },
    html(
      'table',
      { class: kind || null },
      html('thead', {}, html('tr', {}, ...head.map(headCell))),
      html(
        'tbody',
        {},
        ...rows.map(([label, ...values]) =>
          html(
            'tr',
            {},
            html('th', { scope: 'row' }, label),
            ...values.map((value) => html('td', {}, value)),
          ),
        ),
      ),
    ),
  );
}

/** @param {string} label */
function headCell(label) {
  return label ? html('th', { scope: 'col' }, label) : html('td', {});
}

/**
 * @param {PageState} state
 * @param {Float32Array | null} counts
 * @returns {HTMLElement[]}
 */
function confusions({ data }, counts) {
  const names = data?.classes ?? [];
  const kinds = names.length;
  if (!counts || kinds === 0 || counts.length !== 2 * kinds * kinds) return [];
  const tables = [t('Training points'), t('Test points')].map((heading, part) => {
    const rows = names.map((name, truth) => {
      const start = part * kinds * kinds + truth * kinds;
      const row = counts.subarray(start, start + kinds);
      const sum = row.reduce((a, b) => a + b, 0);
      const cells = [...row].map((count, answer) => {
        const shade = sum ? Math.round((count / sum) * SHADES) : 0;
        return html('td', { class: `${answer === truth ? 'right' : 'wrong'}-${shade}` }, whole(count));
      });
      return html('tr', {}, html('th', { scope: 'row' }, name), ...cells);
    });
    return html(
      'figure',
      {},
      html('h3', {}, heading),
      html(
        'div',
        { class: 'scroll' },
        html(
          'table',
          { class: 'confusion' },
          html('thead', {}, html('tr', {}, headCell(''), ...names.map(headCell))),
          html('tbody', {}, ...rows),
        ),
      ),
    );
  });
  return [
    pair(tables),
    html('p', { class: 'note' }, t('Rows are the true classes, columns what the network answers.')),
  ];
}

/**
 * @param {PageState['marks']} marks
 * @returns {HTMLElement[]}
 */
function changes(marks) {
  if (marks.length === 0) return [];
  const items = marks.map(({ epoch, text }) =>
    html('li', {}, t('Epoch {epoch}: {text}', { epoch: whole(epoch), text })),
  );
  return [html('ul', { class: 'changes' }, ...items)];
}

/**
 * @param {Record<string, unknown>} config
 * @param {Choices} choices
 * @returns {(HTMLElement | string)[]} what is not as at first, then all
 */
function settings(config, choices) {
  const now = settingsInWords(config, choices);
  const standard = Object.fromEntries(choices.settings.map((setting) => [setting.name, setting.default]));
  const before = new Map(settingsInWords(standard, choices).map(({ name, words }) => [name, words]));
  const changed = now.filter((setting) => !setting.standard);
  const rows = changed.map(({ name, label, words }) => [label, words, before.get(name) ?? '–']);
  const all = now.map(({ label, words }) => [label, words]);
  const half = Math.ceil(all.length / 2);
  return [
    section(
      t('Settings that differ from the first ones'),
      rows.length > 0
        ? table('', [t('Setting'), t('Here'), t('At first')], rows)
        : html('p', {}, t('None: everything is as on the first visit.')),
    ),
    section(
      t('All settings'),
      pair([all.slice(0, half), all.slice(half)].map((part) => table('', [t('Setting'), t('Value')], part))),
    ),
  ];
}

/**
 * @param {string} link
 * @param {string} lacks - what the link does not hold, or ""
 * @returns {HTMLElement}
 */
function again(link, lacks) {
  const address = `${location.origin}${location.pathname}${link ? `#${link}` : ''}`;
  return html(
    'footer',
    {},
    html('p', {}, t('The same experiment from its beginning:'), ' ', html('a', { href: address }, address)),
    lacks ? html('p', {}, lacks) : null,
  );
}

/**
 * Make what a drawing calls its parts different from what all others on the page do.
 *
 * @param {SVGSVGElement} drawing
 * @param {number} number
 */
function ownIds(drawing, number) {
  for (const node of drawing.querySelectorAll('[id]')) node.id = `drawing-${number}-${node.id}`;
  for (const node of drawing.querySelectorAll('[clip-path]')) {
    const to = node.getAttribute('clip-path') ?? '';
    node.setAttribute('clip-path', to.replace(/url\("?#([^")]+)"?\)/, `url(#drawing-${number}-$1)`));
  }
}
