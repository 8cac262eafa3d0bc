/**
 * One saved run in the list.
 */
import { dayAndTime } from '../../lib/dates.js';
import { html, setText, svg } from '../../lib/element.js';
import { fixed, percent } from '../../lib/format.js';
import { said, t, tn } from '../../lib/words.js';

/** @import {SavedRun} from '../../lib/saved-runs.js' */

/** So many differences are in sight; further ones are unfolded. */
const IN_SIGHT = 3;

/**
 * @typedef {Object} EntryActions
 * @property {() => void} open
 * @property {() => void} compare
 * @property {(name: string) => Promise<string>} rename - returns why not, or ""
 * @property {() => void} save
 * @property {() => void} remove
 */

/**
 * @typedef {Object} Entry
 * @property {HTMLLIElement} element
 * @property {(differences: string[], compared: boolean) => void} update
 * @property {(what: 'open' | 'rename') => void} focus - a button of it
 */

/**
 * @param {SavedRun} run
 * @param {EntryActions} actions
 * @returns {Entry}
 */
export function createEntry(run, actions) {
  const { name, picture, summary } = run;
  const title = html('h3', { class: 'runs-name' }, name);
  const open = textButton(t('Open'), t('Open {name}', { name }), actions.open);
  const compare = textButton(t('Compare'), t('Compare {name}', { name }), actions.compare);
  const rename = iconButton(t('Rename {name}', { name }), PENCIL, edit);
  const save = iconButton(t('Export {name}', { name }), ARROW, actions.save);
  const remove = iconButton(t('Delete {name}', { name }), BIN, actions.remove);
  const differing = html('div', { class: 'runs-differing' });
  const error = html('p', { class: 'field-error', role: 'alert' });
  const when = dayAndTime(new Date(run.kept));
  const facts = [String(said(summary.label)), tn('{n} epoch', '{n} epochs', summary.epoch), when];
  const element = html(
    'li',
    { class: 'runs-entry' },
    html(
      'div',
      { class: 'runs-about' },
      picture
        ? html('img', { class: 'runs-picture', src: picture, alt: '', width: 80, height: 80 })
        : html('span', { class: 'runs-picture' }),
      html(
        'div',
        { class: 'runs-words' },
        title,
        error,
        html('p', { class: 'runs-facts' }, facts.join(' · ')),
        figures(summary),
      ),
    ),
    differing,
    html(
      'div',
      { class: 'runs-buttons' },
      open,
      compare,
      html('span', { class: 'runs-more' }, rename, save, remove),
    ),
  );
  let shown = '';

  function edit() {
    const input = html('input', {
      class: 'field-number runs-rename',
      value: name,
      maxlength: 80,
      'aria-label': t('New name of {name}', { name }),
    });
    const form = html(
      'form',
      { class: 'runs-renaming' },
      input,
      textButton(t('Rename'), '', () => {}, 'submit'),
    );
    const leave = () => {
      form.replaceWith(title);
      setText(error, '');
      rename.focus();
    };
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      const wish = input.value.trim();
      if (wish === name) leave();
      else setText(error, await actions.rename(wish));
    });
    form.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation(); // it is the name that is left, not the list
      leave();
    });
    title.replaceWith(form);
    input.select();
  }

  return {
    element,
    update(differences, compared) {
      compare.setAttribute('aria-pressed', String(compared));
      const now = JSON.stringify(differences);
      if (now === shown) return;
      shown = now;
      differing.replaceChildren(...inWords(differences));
    },
    focus: (what) => ({ open, rename })[what].focus(),
  };
}

/**
 * @param {string[]} differences
 * @returns {Node[]}
 */
function inWords(differences) {
  if (differences.length === 0) return [html('p', {}, t('The same settings as the present run'))];
  const all = differences.map((phrase) => html('li', {}, phrase));
  const more = all.splice(differences.length > IN_SIGHT + 1 ? IN_SIGHT : differences.length);
  if (more.length === 0) return [html('ul', {}, ...all)];
  return [
    html('ul', {}, ...all),
    html(
      'details',
      {},
      html('summary', {}, tn('{n} more difference', '{n} more differences', more.length)),
      html('ul', {}, ...more),
    ),
  ];
}

/**
 * @param {SavedRun['summary']} summary
 * @returns {HTMLElement} its last losses and scores
 */
function figures({ problem, losses }) {
  const regression = problem === 'regression';
  /** @type {[string, (value: number) => string][]} */
  const kinds = [[t('Loss'), fixed], regression ? [t('R²'), fixed] : [t('Accuracy'), percent]];
  const rows = kinds.map(([label, written], kind) =>
    html(
      'tr',
      {},
      html('th', { scope: 'row' }, label),
      ...[0, 1].map((part) => html('td', {}, written(losses[2 * kind + part]))),
    ),
  );
  const head = [t('training'), t('test')].map((label) => html('th', { scope: 'col' }, label));
  return html(
    'table',
    { class: 'runs-figures' },
    html('thead', {}, html('tr', {}, html('td', {}), ...head)),
    html('tbody', {}, ...rows),
  );
}

/**
 * @param {string} text
 * @param {string} label - for those who cannot see what it is about; "" is the text
 * @param {() => void} run
 * @param {'button' | 'submit'} [type]
 */
function textButton(text, label, run, type = 'button') {
  const button = html('button', { type, class: 'text-button', 'aria-label': label || null }, text);
  button.addEventListener('click', run);
  return button;
}

const PENCIL = 'M5 19l1-4L16 5l3 3L9 18zM14 7l3 3';
const ARROW = 'M12 4v10.500M7.500 10.500 12 15l4.500-4.500M5 19h14';
const BIN = 'M5 7h14M10 7V4.500h4V7M7 7l1 12h8l1-12M10.500 10.500v5M13.500 10.500v5';

/**
 * @param {string} label
 * @param {string} path
 * @param {() => void} run
 */
function iconButton(label, path, run) {
  const icon = svg(
    'svg',
    { viewBox: '0 0 24 24', 'aria-hidden': 'true' },
    svg('path', { class: 'icon-line', d: path }),
  );
  const button = html(
    'button',
    { type: 'button', class: 'icon-button', 'aria-label': label, title: label },
    icon,
  );
  button.addEventListener('click', run);
  return button;
}
