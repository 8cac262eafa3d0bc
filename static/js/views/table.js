/**
 * The dialog of a person's own table: what was read of the file, what to predict from what, and how.
 *
 * The page fetches this module, and its style sheet, when a table is first chosen.
 */
import { html, setText } from '../lib/element.js';
import { whole } from '../lib/format.js';
import { styleSheet } from '../lib/style-sheet.js';
import { canBeTarget, kindsOf, possibleInputs, summary, withInput, withTarget } from '../lib/table-choice.js';
import { refusalOf, upload } from '../lib/upload.js';
import { t, tn } from '../lib/words.js';
import { createField } from './field.js';

/** @import {Context} from '../view.js' */
/** @import {TableChoice, TablePreview} from '../protocol.js' */
/** @import {Reading} from '../lib/upload.js' */
/** @import {UsedTable} from './data/own-table.js' */

/**
 * @typedef {Object} TableDialog
 * @property {(file: File, how?: Reading, choice?: TableChoice) => void} open - shows what the file holds
 * @property {(file: File, how: Reading, choice: TableChoice) => Promise<void>} useAgain - opens only if it must
 * @property {(sentence: string) => void} refuse - says why there is nothing to show
 */

// The values are those of playground.data; tests/browser/test_table.py compares.
export const DELIMITERS = [
  { value: ',', label: t('Comma') },
  { value: ';', label: t('Semicolon') },
  { value: '\t', label: t('Tab') },
  { value: '|', label: t('Vertical bar') },
  { value: ' ', label: t('White space') },
];
export const ENCODINGS = [
  { value: 'utf-8', label: 'UTF-8' },
  { value: 'utf-16', label: 'UTF-16' },
  { value: 'cp1252', label: 'Windows-1252' },
  { value: 'latin-1', label: 'Latin-1' },
];
const HEADERS = [
  { value: true, label: t('Names of the columns') },
  { value: false, label: t('Data, as the others') },
];
export const MISSING = [
  { value: 'impute', label: t('Fill in median or most frequent') },
  { value: 'drop', label: t('Leave out rows that lack one') },
];
export const SCALINGS = [
  { value: 'standardize', label: t('Standardize: mean 0, deviation 1') },
  { value: 'minmax', label: t('Min–max: from 0 to 1') },
  { value: 'none', label: t('None') },
];

/** @type {Record<string, string>} */
const KINDS = { number: t('number'), category: t('category'), text: t('text') };

/**
 * @param {HTMLElement} root - where the dialog is put
 * @param {Context} context
 * @param {{onUsed: (table: UsedTable) => void, chooseAnother: () => void}} options
 * @returns {Promise<TableDialog>}
 */
export async function createTableDialog(root, { actions, token }, { onUsed, chooseAnother }) {
  const title = html('h2', { class: 'section-heading table-title', id: 'table-title' });
  const size = html('p', { class: 'table-size' });
  const close = html('button', { type: 'button', class: 'message-dismiss', 'aria-label': t('Close') }, '×');
  const waiting = html('p', { class: 'table-waiting', role: 'status' });
  const progress = html('progress', { class: 'table-progress', max: 1, 'aria-label': t('File read') });
  const error = html('p', { class: 'field-error table-error', role: 'alert' });
  const content = html('div', { class: 'table-content' });
  const sentence = html('p', { class: 'table-sentence', role: 'status' });
  const warning = html('p', { class: 'table-warning' }, t('Using it begins training anew, with this data.'));
  const another = html('button', { type: 'button', class: 'text-button' }, t('Choose another file…'));
  const cancel = html('button', { type: 'button', class: 'text-button' }, t('Cancel'));
  const use = html('button', { type: 'button', class: 'text-button table-use' }, t('Use this table'));
  const dialog = html(
    'dialog',
    { class: 'table-dialog', 'aria-labelledby': title.id },
    html('header', { class: 'table-head' }, title, size, close),
    html('div', { class: 'table-body' }, waiting, progress, error, content),
    html(
      'footer',
      { class: 'table-foot' },
      html('div', { class: 'table-outcome' }, sentence, warning),
      another,
      cancel,
      use,
    ),
  );
  await styleSheet('table');
  root.append(dialog);

  /** @type {File | null} */
  let file = null;
  /** @type {Reading} */
  let how = {};
  /** @type {TablePreview | null} */
  let preview = null;
  /** @type {TableChoice | null} */
  let choice = null;
  /** @type {((choice: TableChoice, refusals: Record<string, string>) => void) | null} */
  let showChoice = null;
  let reading = new AbortController();
  const readingFields = createReadingFields((wish) => read(/** @type {File} */ (file), { ...how, ...wish }));

  close.addEventListener('click', () => dialog.close());
  cancel.addEventListener('click', () => dialog.close());
  another.addEventListener('click', chooseAnother);
  use.addEventListener('click', () => void apply());
  dialog.addEventListener('close', clear);

  function clear() {
    reading.abort();
    preview = choice = showChoice = null;
    content.replaceChildren();
    setText(size, '');
    setText(error, '');
  }

  /** @param {string} name */
  function begin(name) {
    clear();
    setText(title, name);
    show();
    if (!dialog.open) dialog.showModal();
  }

  function show() {
    const possible = preview && choice ? summary(preview, choice) : null;
    setText(sentence, possible?.sentence ?? '');
    sentence.toggleAttribute('data-impossible', possible?.possible === false);
    warning.hidden = use.hidden = !preview;
    use.disabled = !possible?.possible;
    another.hidden = Boolean(preview);
  }

  /** @type {HTMLElement | null} what had the focus, which nothing inert can keep */
  let focused = null;

  /** @param {boolean} busy */
  function wait(busy) {
    dialog.setAttribute('aria-busy', String(busy));
    if (busy) focused = content.querySelector(':focus');
    content.inert = busy;
    if (!busy && focused?.isConnected) focused.focus();
    progress.hidden = !busy;
    if (busy) use.disabled = true;
    else setText(waiting, '');
  }

  /**
   * Have the file read; what stood there stays if it cannot be.
   *
   * @param {File} wanted
   * @param {Reading} wish
   * @param {TableChoice} [kept] - instead of the server's guess
   * @returns {Promise<boolean>} whether there is a table now
   */
  async function read(wanted, wish, kept) {
    reading.abort();
    reading = new AbortController();
    const { signal } = reading;
    setText(error, '');
    setText(waiting, t('Sending {file}…', { file: wanted.name }));
    progress.value = 0;
    wait(true);
    const onProgress = (/** @type {number} */ share) => {
      progress.value = share;
      if (share < 1) return;
      progress.removeAttribute('value');
      setText(waiting, t('Reading {file}…', { file: wanted.name }));
    };
    const early = await refusalOf(wanted);
    const answer = early
      ? { preview: null, refusal: early }
      : await upload(wanted, wish, { token: token(), signal, onProgress });
    if (signal.aborted) return false;
    setText(error, answer.refusal);
    if (answer.preview) {
      [file, how, preview, choice] = [wanted, wish, answer.preview, kept ?? answer.preview.guess];
      setText(title, preview.name);
      const rows = tn('{n} row', '{n} rows', preview.rows);
      setText(size, `${rows} × ${tn('{n} column', '{n} columns', preview.columns.length)}`);
      build(preview);
    }
    wait(false);
    show();
    return Boolean(answer.preview);
  }

  /** @param {TablePreview} shown */
  function build(shown) {
    readingFields.update(shown);
    const columns = createColumns(shown, take);
    const missing = choiceField('missing', t('Missing values'), MISSING);
    const scaling = choiceField('scaling', t('Scaling'), SCALINGS);
    content.replaceChildren(
      ...(shown.notes.length > 0
        ? [html('ul', { class: 'table-notes' }, ...shown.notes.map((note) => html('li', {}, note)))]
        : []),
      html('h3', { class: 'table-heading' }, t('First rows')),
      firstRows(shown),
      readingFields.element,
      html('h3', { class: 'table-heading' }, t('What to predict, and from what')),
      columns.element,
      html('div', { class: 'table-fields' }, missing.element, scaling.element),
    );
    showChoice = (chosen, refusals) => {
      columns.update(
        chosen,
        refusals['table.target'] ?? refusals['table.inputs'] ?? refusals['table.kinds'] ?? '',
      );
      missing.update({ value: chosen.missing, refusal: refusals['table.missing'] });
      scaling.update({ value: chosen.scaling, refusal: refusals['table.scaling'] });
    };
    showChoice(/** @type {TableChoice} */ (choice), {});
  }

  /** @param {TableChoice} changed */
  function take(changed) {
    choice = changed;
    setText(error, '');
    showChoice?.(changed, {});
    show();
  }

  /**
   * @param {'missing' | 'scaling'} name
   * @param {string} label
   * @param {{value: string, label: string}[]} options
   */
  function choiceField(name, label, options) {
    const help =
      name === 'missing'
        ? t(
            'What becomes of rows in which an input is missing; what is filled in is measured on the training points.',
          )
        : t('How numbers are brought to a like size, as measured on the training points.');
    return createField({ name, label, help, options: () => options }, async (value) =>
      take({ .../** @type {TableChoice} */ (choice), [name]: String(value) }),
    );
  }

  async function apply() {
    if (!file || !preview || !choice) return;
    const table = { file, name: preview.name, how, choice };
    use.disabled = true;
    const { refusal } = await actions.command({ type: 'use_table', ...choice });
    if (!refusal) {
      onUsed(table);
      dialog.close();
    }
    if (!refusal || !dialog.open) return;
    actions.show({ refusals: {} }); // it stands here, in front of the page
    const { field, message } = refusal;
    const placed = /^table\.(target|inputs|kinds|missing|scaling)$/.test(field);
    if (placed) showChoice?.(table.choice, { [field]: message });
    setText(error, placed ? '' : message);
    dialog.querySelector('.field-error:not(:empty):not([hidden])')?.scrollIntoView({ block: 'nearest' });
    use.disabled = false;
  }

  return {
    open(wanted, wish = {}, kept) {
      begin(wanted.name);
      void read(wanted, wish, kept);
    },
    async useAgain(wanted, wish, kept) {
      begin(wanted.name);
      if (await read(wanted, wish, kept)) await apply();
    },
    refuse(message) {
      begin(t('Your own table'));
      wait(false);
      setText(error, message);
    },
  };
}

/**
 * Return the fields that correct how the file is read.
 *
 * @param {(wish: Reading) => Promise<unknown>} readAgain
 */
function createReadingFields(readAgain) {
  /** @type {['header' | 'delimiter' | 'encoding', string, string, {value: unknown, label: string}[]][]} */
  const specs = [
    ['header', t('First row'), t('What stands in the first row of the file.'), HEADERS],
    ['delimiter', t('Separator'), t('What stands between the fields of a row.'), DELIMITERS],
    ['encoding', t('Encoding'), t('How letters such as é are written in the file.'), ENCODINGS],
  ];
  const fields = specs.map(([name, label, help, options]) => {
    const spec = { name, label, help, options: () => options };
    return { name, field: createField(spec, (value) => readAgain({ [name]: value })) };
  });
  return {
    element: html('div', { class: 'table-fields' }, ...fields.map(({ field }) => field.element)),
    /** @param {TablePreview} preview */
    update(preview) {
      for (const { name, field } of fields) field.update({ value: preview[name] });
    },
  };
}

/**
 * @param {TablePreview} preview
 * @returns {HTMLElement}
 */
function firstRows({ columns, head }) {
  const names = columns.map(({ name }) => html('th', { scope: 'col' }, name));
  const rows = head.map((row) => html('tr', {}, ...row.map((text) => html('td', {}, text))));
  return scrolling(t('First rows'), html('thead', {}, html('tr', {}, ...names)), html('tbody', {}, ...rows));
}

/**
 * @param {string} label
 * @param {...HTMLElement} parts - of a table
 */
function scrolling(label, ...parts) {
  const table = html('table', { class: 'table' }, ...parts);
  return html('div', { class: 'table-scroll', role: 'region', 'aria-label': label, tabindex: 0 }, table);
}

/**
 * Return the columns, a row for each: what it is, whether it is predicted, and whether from it.
 *
 * @param {TablePreview} preview
 * @param {(choice: TableChoice) => void} onChange
 */
function createColumns(preview, onChange) {
  /** @type {TableChoice} */
  let choice = preview.guess;
  const all = html('input', {
    type: 'checkbox',
    'aria-label': t('All columns as inputs'),
    title: t('All or none'),
  });
  all.addEventListener('change', () => {
    onChange({ ...choice, inputs: all.checked ? possibleInputs(preview, choice) : [] });
  });
  const rows = preview.columns.map((column, index) => {
    const { name, kind, missing, distinct, examples } = column;
    const kinds = kindsOf(column);
    const select = html(
      'select',
      { class: 'field-select table-kind', 'aria-label': t('Kind of {column}', { column: name }) },
      ...kinds.map((each) => html('option', { value: each }, KINDS[each])),
    );
    select.addEventListener('change', () => {
      onChange({ ...choice, kinds: choice.kinds.map((each, at) => (at === index ? select.value : each)) });
    });
    const target = html('input', {
      type: 'radio',
      name: 'table-target',
      'aria-label': t('Predict {column}', { column: name }),
    });
    target.disabled = !canBeTarget(column);
    if (target.disabled)
      target.title = t('It is no number, and has not 2 to 10 different values, as classes have.');
    target.addEventListener('change', () => onChange(withTarget(preview, choice, index)));
    const input = html('input', { type: 'checkbox', 'aria-label': t('{column} as input', { column: name }) });
    input.addEventListener('change', () => onChange(withInput(choice, index, input.checked)));
    const row = html(
      'tr',
      {},
      html('th', { scope: 'row', title: name }, name),
      html('td', {}, kinds.length > 1 ? select : KINDS[kinds[0] ?? kind]),
      html('td', { class: 'table-number' }, missing > 0 ? whole(missing) : '–'),
      html('td', { class: 'table-number' }, whole(distinct)),
      html('td', { class: 'table-examples' }, examples.join(', ')),
      html('td', { class: 'table-pick' }, target),
      html('td', { class: 'table-pick' }, input),
    );
    return { row, select, target, input, usable: kinds.length > 0 };
  });
  const heads = [t('Column'), t('Kind'), t('Missing'), t('Different'), t('Examples')].map((text) =>
    html('th', { scope: 'col' }, text),
  );
  const head = html(
    'tr',
    {},
    ...heads,
    html('th', { scope: 'col', class: 'table-pick' }, t('Predict')),
    html(
      'th',
      { scope: 'col', class: 'table-pick' },
      html('label', { class: 'table-all' }, t('Input'), ' ', all),
    ),
  );
  const error = html('p', { class: 'field-error', role: 'alert', hidden: true });
  const body = html('tbody', {}, ...rows.map(({ row }) => row));
  const element = html('div', {}, scrolling(t('Columns'), html('thead', {}, head), body), error);
  element.firstElementChild?.classList.add('table-columns');

  return {
    element,
    /**
     * @param {TableChoice} chosen
     * @param {string} refusal
     */
    update(chosen, refusal) {
      choice = chosen;
      rows.forEach(({ row, select, target, input, usable }, index) => {
        const predicted = chosen.target === index;
        if (usable) select.value = chosen.kinds[index];
        target.checked = predicted;
        input.checked = chosen.inputs.includes(index);
        input.disabled = predicted || !usable;
        row.dataset.role = predicted ? 'target' : input.checked ? 'input' : 'ignored';
      });
      const possible = possibleInputs(preview, chosen).length;
      all.checked = possible > 0 && chosen.inputs.length === possible;
      all.indeterminate = chosen.inputs.length > 0 && chosen.inputs.length < possible;
      setText(error, refusal);
      error.hidden = !refusal;
    },
  };
}
