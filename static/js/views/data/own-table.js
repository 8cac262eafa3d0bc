/**
 * A person's own table: chosen or dropped, then looked at in a dialog that is fetched when it is first needed.
 */
import { html, setText } from '../../lib/element.js';
import { t, tn } from '../../lib/words.js';
import { tableIcon } from './icons.js';

/** @import {Context} from '../../view.js' */
/** @import {PageState} from '../../store.js' */
/** @import {TableChoice} from '../../protocol.js' */
/** @import {Reading} from '../../lib/upload.js' */

/**
 * @typedef {Object} UsedTable - what this page can use once more
 * @property {File} file
 * @property {string} name - as the server has it
 * @property {Reading} how
 * @property {TableChoice} choice
 */

/**
 * @typedef {Object} OwnTable
 * @property {HTMLElement} button - chooses a file
 * @property {HTMLElement} element - the table as one of the data sets; hidden as long as there is none
 * @property {HTMLInputElement} input - its radio button
 * @property {(state: PageState) => void} update
 * @property {() => void} destroy
 */

/**
 * @param {HTMLElement} root - where dialogs and overlays are put
 * @param {Context} context
 * @param {() => void} checkChosen - checks the data set that is in use, whatever was clicked
 * @returns {OwnTable}
 */
export function createOwnTable(root, context, checkChosen) {
  /** @type {UsedTable | null} */
  let used = null;
  let inUse = ''; // name of the table that the network learns from
  /** @type {Promise<import('../table.js').TableDialog> | null} */
  let dialog = null;

  const chooser = html('input', { type: 'file', accept: '.csv,.tsv,.tab,.txt,.data,text/*', hidden: true });
  const button = html(
    'button',
    {
      type: 'button',
      class: 'own-table',
      'data-control': 'own_table',
      title: t('Learn from a CSV or TSV file, chosen here or dropped on the page'),
    },
    tableIcon(),
    t('Your own table…'),
  );
  const input = html('input', { type: 'radio', name: 'dataset', value: '', class: 'dataset-input' });
  const label = html('span', { class: 'dataset-label' });
  const edit = html('button', { type: 'button', class: 'text-button own-table-edit' }, t('Edit…'));
  const element = html(
    'div',
    { class: 'own-table-used', 'data-control': 'own_table', hidden: true },
    html('label', { class: 'dataset' }, input, html('span', { class: 'dataset-face' }, tableIcon(), label)),
    edit,
  );
  root.append(chooser);

  function show() {
    const name = inUse || used?.name || '';
    element.hidden = !name;
    setText(label, name);
    label.title = name;
    edit.hidden = !inUse || used?.name !== inUse;
  }

  /** @param {(dialog: import('../table.js').TableDialog) => void | Promise<void>} what */
  async function withDialog(what) {
    const module = await import('../table.js').catch(() => null);
    if (!module) {
      const message = t('The part of the page that reads tables could not be fetched. Try again.');
      context.actions.show({ refusals: { table: message } });
      return;
    }
    dialog ??= module.createTableDialog(root, context, {
      onUsed: (table) => {
        used = table;
        show();
      },
      chooseAnother: () => chooser.click(),
    });
    await what(await dialog);
  }

  button.addEventListener('click', () => chooser.click());
  chooser.addEventListener('change', () => {
    const file = chooser.files?.[0];
    chooser.value = ''; // so that the same file can be chosen again, changed meanwhile
    if (file) void withDialog((table) => table.open(file));
  });
  edit.addEventListener('click', () => {
    const { file, how, choice } = /** @type {UsedTable} */ (used);
    void withDialog((table) => table.open(file, how, choice));
  });
  input.addEventListener('change', () => {
    const { file, how, choice } = /** @type {UsedTable} */ (used);
    void withDialog((table) => table.useAgain(file, how, choice)).then(checkChosen);
  });
  const isOffered = () => getComputedStyle(button).display !== 'none';
  const drop = acceptDrops(root, isOffered, (files) => {
    void withDialog((table) =>
      files.length === 1 ? table.open(files[0]) : table.refuse(tooMany(files.length)),
    );
  });

  return {
    button,
    element,
    input,
    update({ experiment }) {
      inUse = /** @type {{name: string} | null} */ (experiment?.config.table ?? null)?.name ?? '';
      show();
    },
    destroy() {
      drop.destroy();
      chooser.remove();
    },
  };
}

/** @param {number} count */
function tooMany(count) {
  return tn(
    'One table at a time, please: {n} file came.',
    'One table at a time, please: {n} files came.',
    count,
  );
}

/**
 * Take files that are dropped anywhere on the page, and say so while they are held over it.
 *
 * @param {HTMLElement} root
 * @param {() => boolean} isOffered - whether any are taken at present
 * @param {(files: File[]) => void} onDrop
 */
function acceptDrops(root, isOffered, onDrop) {
  const overlay = html(
    'div',
    { class: 'drop-overlay', popover: 'manual' },
    html(
      'div',
      { class: 'drop-card' },
      tableIcon(),
      html('strong', {}, t('Drop a table to learn from it')),
      html(
        'span',
        {},
        t('CSV or TSV, up to {size} MB, {rows} rows and {columns} columns.', {
          size: 10,
          rows: 20_000,
          columns: 100,
        }),
      ),
      html('span', {}, t('Nothing changes before you have seen what was read.')),
    ),
  );
  const listening = new AbortController();
  const { signal } = listening;
  const page = root.ownerDocument;
  let leaving = 0;

  /** @param {DragEvent} event */
  const holdsFiles = (event) => event.dataTransfer?.types.includes('Files') ?? false;
  function hide() {
    clearTimeout(leaving);
    if (overlay.isConnected) overlay.hidePopover();
    overlay.remove();
  }

  /** @param {DragEvent} event */
  function over(event) {
    if (!holdsFiles(event)) return;
    event.preventDefault(); // the browser would show the file in place of the page
    if (!isOffered()) {
      /** @type {DataTransfer} */ (event.dataTransfer).dropEffect = 'none';
      return;
    }
    clearTimeout(leaving);
    // The pointer may leave the window unnoticed; while it is inside, this event comes all the time.
    leaving = window.setTimeout(hide, 600);
    if (overlay.isConnected) return;
    root.append(overlay);
    overlay.showPopover();
  }
  page.addEventListener('dragenter', over, { signal });
  page.addEventListener('dragover', over, { signal });
  page.addEventListener(
    'drop',
    (event) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      hide();
      if (isOffered()) onDrop([...(event.dataTransfer?.files ?? [])]);
    },
    { signal },
  );
  return {
    destroy() {
      listening.abort();
      hide();
    },
  };
}
