/**
 * The saved runs: kept under a name, listed, opened, compared, renamed, exported, deleted.
 *
 * The page fetches this module, and its style sheet, when the list is first opened.
 */
import { html, setText } from '../../lib/element.js';
import {
  curvesOf,
  fetchRun,
  isSameRun,
  sendRun,
  summaryOf,
  withOwn,
  withoutOwn,
} from '../../lib/run-document.js';
import { fileName, saveFile } from '../../lib/save-picture.js';
import { freeName, openShelf } from '../../lib/saved-runs.js';
import { differences } from '../../lib/setting-words.js';
import { styleSheet } from '../../lib/style-sheet.js';
import { t, tn } from '../../lib/words.js';
import { createEntry } from './entry.js';
import { createReportForm } from './report-form.js';

/** @import {ComparedRun, PageState} from '../../store.js' */
/** @import {Context} from '../../view.js' */
/** @import {SavedRun} from '../../lib/saved-runs.js' */
/** @import {Entry} from './entry.js' */

/**
 * @typedef {Object} RunsPanel
 * @property {() => Promise<void>} toggle - open or close it
 * @property {() => Promise<void>} compareAgain - what this visit has compared
 * @property {(state: PageState) => void} update
 * @property {() => void} destroy
 */

/** More curves cannot be told apart. */
export const MOST_COMPARED = 8;

/** Of a document, as the server has it; what is larger need not be sent first. */
export const MAX_BYTES = 8_000_000;

const LONGEST_NAME = 80;

/**
 * @param {HTMLElement} button - that opens the panel
 * @param {Context} context
 * @param {string} memory - under which this visit remembers what is compared
 * @returns {Promise<RunsPanel>}
 */
export async function createRunsPanel(button, context, memory) {
  const { actions, choices, drawings, token } = context;
  const [shelf] = await Promise.all([openShelf(), styleSheet('runs')]);

  const title = html('h2', { class: 'section-heading', id: 'runs-title' }, t('Saved runs'));
  const close = html('button', { type: 'button', class: 'message-dismiss', 'aria-label': t('Close') }, '×');
  const input = html('input', {
    id: 'runs-name',
    class: 'field-number',
    maxlength: LONGEST_NAME,
    autocomplete: 'off',
  });
  const save = html('button', { class: 'text-button runs-save-button' }, t('Save'));
  const refused = html('p', { class: 'field-error', role: 'alert', id: 'runs-refused' });
  const form = html(
    'form',
    { class: 'runs-save' },
    html('label', { class: 'field-label', for: input.id }, t('Keep the present run as')),
    html('div', { class: 'runs-save-row' }, input, save),
    refused,
  );
  const chooser = html('input', {
    type: 'file',
    accept: '.json,application/json',
    multiple: true,
    hidden: true,
  });
  const bring = html('button', { type: 'button', class: 'text-button' }, t('Import…'));
  const report = createReportForm(context, () => state);
  const said = html('p', { class: 'runs-said', role: 'status' });
  const undo = html('button', { type: 'button', class: 'text-button', hidden: true }, t('Undo'));
  const wrong = html('p', { class: 'field-error runs-wrong', role: 'alert' });
  const passing = html(
    'p',
    { class: 'runs-passing', hidden: shelf.lasting },
    t(
      'This browser keeps nothing for this page, so the list lasts until the page is closed. Export what you need later.',
    ),
  );
  const empty = html(
    'p',
    { class: 'runs-empty', hidden: true },
    t(
      'Nothing is saved yet. A saved run keeps its settings, its weights, its curves and your own points, in this browser only. Open it later, compare its curves with others, or export it as a file.',
    ),
  );
  const list = html('ul', { class: 'runs-list', 'aria-label': t('Saved runs') });
  const dialog = html(
    'dialog',
    { class: 'runs-panel', 'aria-labelledby': title.id },
    html('div', { class: 'runs-head' }, title, close),
    html(
      'div',
      { class: 'runs-body' },
      form,
      html('div', { class: 'runs-tools' }, bring, report.button, chooser),
      report.element,
      passing,
      wrong,
      html('div', { class: 'runs-outcome' }, said, undo),
      empty,
      list,
    ),
  );
  button.ownerDocument.body.append(dialog);
  button.setAttribute('aria-haspopup', 'dialog');
  button.setAttribute('aria-expanded', 'false');

  /** @type {PageState | null} */
  let state = null;
  /** @type {SavedRun[]} */
  let runs = [];
  /** @type {Map<number, Entry>} */
  let entries = new Map();
  /** @type {PageState['experiment']} that the entries are compared with */
  let told = null;
  let suggested = '';
  /** @type {() => Promise<void>} what the button takes back */
  let takeBack = async () => {};

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void busy(saveRun);
  });
  close.addEventListener('click', leave);
  dialog.addEventListener('close', () => button.setAttribute('aria-expanded', 'false'));
  dialog.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') leave();
  });
  bring.addEventListener('click', () => chooser.click());
  chooser.addEventListener('change', () => {
    const files = [...(chooser.files ?? [])];
    chooser.value = ''; // so that the same file can be chosen again
    void busy(() => bringIn(files));
  });
  undo.addEventListener('click', () => {
    undo.hidden = true;
    void busy(takeBack);
  });
  for (const type of /** @type {const} */ (['dragenter', 'dragover', 'dragleave', 'drop'])) {
    dialog.addEventListener(type, (event) => {
      // The rest of the page takes files for tables.
      event.preventDefault();
      event.stopPropagation();
      dialog.toggleAttribute('data-dropping', type === 'dragenter' || type === 'dragover');
      if (type === 'drop') void busy(() => bringIn([...(event.dataTransfer?.files ?? [])]));
    });
  }

  function leave() {
    dialog.close();
    button.focus();
  }

  // ------------------------------------------------------------------ saying

  /**
   * Do one thing at a time.
   *
   * @param {() => Promise<void>} what
   */
  async function busy(what) {
    if (dialog.ariaBusy === 'true') return;
    dialog.ariaBusy = 'true';
    undo.hidden = true;
    for (const place of [said, wrong, refused]) setText(place, '');
    try {
      await what();
    } catch (error) {
      const isFull = error instanceof DOMException && error.name === 'QuotaExceededError';
      setText(
        wrong,
        isFull
          ? t(
              'There is no room left for this in the browser. Export runs as files and delete them here, then try again.',
            )
          : t(
              'The browser did not do this, and nothing was changed. Load the page again, and try once more.',
            ),
      );
      if (!isFull) throw error;
    } finally {
      dialog.ariaBusy = 'false';
    }
  }

  // ------------------------------------------------------------------ the list

  async function refresh() {
    runs = await shelf.list();
    entries = new Map(runs.map((run) => [run.id, createEntry(run, actionsOf(run))]));
    list.replaceChildren(...[...entries.values()].map(({ element }) => element));
    empty.hidden = runs.length > 0;
    told = null;
    tell();
    suggest();
  }

  /** @param {SavedRun} run */
  function actionsOf(run) {
    return {
      open: () => void busy(() => openRun(run)),
      compare: () => void busy(() => compare(run)),
      rename: (/** @type {string} */ name) => rename(run, name),
      save: () => void busy(() => saveAsFile(run)),
      remove: () => void busy(() => remove(run)),
    };
  }

  function tell() {
    const { experiment, compared = [] } = state ?? {};
    if (!experiment || !dialog.open) return;
    for (const { id, summary } of runs) {
      const isCompared = compared.some((other) => other.id === id);
      const differing = differences(summary.config, experiment.config, choices);
      entries.get(id)?.update(differing, isCompared);
    }
    told = experiment;
  }

  function suggest() {
    if (!state?.experiment || input.value !== suggested) return;
    suggested = input.value = freeName(nameOf(state), names());
  }

  const names = () => runs.map(({ name }) => name);

  /**
   * @param {string} name
   * @returns {string} why a run cannot have it, or ""
   */
  function refusalOf(name) {
    if (!name) return t('Give the run a name.');
    return names().includes(name)
      ? t('There is a run named “{name}” already; choose another name.', { name })
      : '';
  }

  // ------------------------------------------------------------------ keeping

  /**
   * @param {string} name
   * @param {string} document
   * @param {string} picture
   * @returns {Promise<number>}
   */
  function keep(name, document, picture) {
    return shelf.put(
      { name, picture, kept: new Date().toISOString(), summary: summaryOf(document) },
      document,
    );
  }

  async function thumbnail() {
    return (await drawings.thumbnail?.())?.() ?? '';
  }

  async function saveRun() {
    const name = input.value.trim();
    const refusal = refusalOf(name);
    setText(refused, refusal);
    if (refusal) {
      input.focus();
      return;
    }
    const [answer, picture] = await Promise.all([fetchRun(token()), thumbnail()]);
    setText(wrong, answer.refusal);
    if (answer.refusal) return;
    await keep(name, answer.document, picture);
    suggested = input.value;
    await refresh();
    const { lacks } = summaryOf(answer.document);
    setText(said, [t('“{name}” is saved.', { name }), lacks].filter(Boolean).join(' '));
  }

  /**
   * Keep what is about to be replaced, if it is worth it and not kept yet.
   *
   * @param {string} other - name of the run that takes its place
   * @returns {Promise<{id: number | null, name: string, refusal: string}>} `id` of what was kept now
   */
  async function keepPresent(other) {
    const nothing = { id: null, name: '', refusal: '' };
    if (!state?.experiment || !isWorthKeeping(state)) return nothing;
    const { document, refusal } = await fetchRun(token());
    if (refusal) return { ...nothing, refusal };
    const { link, epoch } = summaryOf(document);
    for (const { id, summary } of runs) {
      if (summary.link !== link || summary.epoch !== epoch) continue;
      if (isSameRun(document, await shelf.document(id))) return nothing;
    }
    const name = freeName(t('Before opening {name}', { name: other }), names());
    return { id: await keep(name, document, await thumbnail()), name, refusal: '' };
  }

  /**
   * Have the page show the run of a document.
   *
   * @param {string} name
   * @param {string} document
   * @returns {Promise<{opened: string, refusal: string}>} what is to be said
   */
  async function replacePresent(name, document) {
    const before = await keepPresent(name);
    if (before.refusal) return { opened: '', refusal: before.refusal };
    const { notes, refusal } = await sendRun(document, token());
    if (refusal) {
      if (before.id !== null) await shelf.remove(before.id);
      return { opened: '', refusal };
    }
    actions.show({ refusals: {}, notes: notes.map((message) => ({ field: '', message })) });
    const opened = before.name
      ? t('“{name}” is open. What was here before is kept as “{before}”.', { name, before: before.name })
      : t('“{name}” is open.', { name });
    return { opened, refusal: '' };
  }

  /** @param {SavedRun} run */
  async function openRun({ id, name }) {
    const { opened, refusal } = await replacePresent(name, await shelf.document(id));
    if (opened) {
      await refresh();
      entries.get(id)?.focus('open');
    }
    setText(said, opened);
    setText(wrong, refusal);
  }

  /** @param {File[]} files */
  async function bringIn(files) {
    const refusals = [];
    let last = '';
    for (const file of files) {
      const { opened, refusal } = await bringInOne(file);
      if (refusal) refusals.push(t('{file}: {sentence}', { file: file.name, sentence: refusal }));
      last = opened || last;
    }
    setText(said, last);
    setText(wrong, refusals.join(' '));
  }

  /**
   * @param {File} file
   * @returns {Promise<{opened: string, refusal: string}>}
   */
  async function bringInOne(file) {
    if (file.size > MAX_BYTES) {
      const refusal = t('The file has {size} MB; a saved run has at most {most} MB.', {
        size: Math.ceil(file.size / 1e5) / 10,
        most: MAX_BYTES / 1e6,
      });
      return { opened: '', refusal };
    }
    const text = await file.text().catch(() => null);
    if (text === null)
      return { opened: '', refusal: t('This cannot be read: it is a folder, or it was moved or changed.') };
    const plain = file.name.replace(/\.json$/i, '').slice(0, LONGEST_NAME);
    const outcome = await replacePresent(plain, text);
    if (outcome.opened) {
      const { document, own } = withoutOwn(text);
      await refresh();
      await keep(freeName(own.name.trim().slice(0, LONGEST_NAME) || plain, names()), document, own.picture);
      await refresh();
    }
    return outcome;
  }

  /** @param {SavedRun} run */
  async function saveAsFile({ id, name, picture }) {
    const text = withOwn(await shelf.document(id), { name, picture });
    saveFile(new Blob([text], { type: 'application/json' }), `${fileName(t('run'), name)}.json`);
  }

  /**
   * @param {SavedRun} run
   * @param {string} name
   * @returns {Promise<string>} why not, or ""
   */
  async function rename({ id }, name) {
    const refusal = refusalOf(name);
    if (refusal) return refusal;
    await busy(async () => {
      await shelf.rename(id, name);
      const { compared = [] } = state ?? {};
      actions.show({ compared: compared.map((run) => (run.id === id ? { ...run, name } : run)) });
      await refresh();
      entries.get(id)?.focus('rename');
    });
    return '';
  }

  /** @param {SavedRun} run */
  async function remove(run) {
    const { id, name } = run;
    const document = await shelf.document(id);
    const { compared = [] } = state ?? {};
    await shelf.remove(id);
    actions.show({ compared: compared.filter((other) => other.id !== id) });
    await refresh();
    setText(said, t('“{name}” is deleted.', { name }));
    takeBack = async () => {
      await shelf.put(run, document);
      if (compared.some((other) => other.id === id)) await compare(run);
      await refresh();
      entries.get(id)?.focus('open');
    };
    undo.hidden = false;
    undo.focus();
  }

  // ------------------------------------------------------------------ comparing

  /** @param {SavedRun} run */
  async function compare({ id, name, summary }) {
    const { compared = [] } = state ?? {};
    if (compared.some((run) => run.id === id)) {
      actions.show({ compared: compared.filter((run) => run.id !== id) });
    } else if (compared.length >= MOST_COMPARED) {
      const sentence = tn(
        '{n} run is compared already, which is as many as can be told apart; take it away first.',
        '{n} runs are compared already, which is as many as can be told apart; take one away first.',
        MOST_COMPARED,
      );
      setText(wrong, sentence);
    } else {
      const history = curvesOf(await shelf.document(id));
      const slot = freeSlot(compared);
      const regression = summary.problem === 'regression';
      actions.show({ compared: [...compared, { id, name, slot, regression, history }] });
      setText(said, t('The curves of “{name}” stand beside those of the present run.', { name }));
    }
  }

  /** @param {ComparedRun[]} compared */
  function remember(compared) {
    try {
      if (compared.length === 0) sessionStorage.removeItem(memory);
      else sessionStorage.setItem(memory, JSON.stringify(compared.map(({ id, slot }) => [id, slot])));
    } catch {
      // Without storage it holds until the page is loaded again.
    }
  }

  return {
    async toggle() {
      if (dialog.open) {
        leave();
        return;
      }
      await refresh();
      dialog.show();
      button.setAttribute('aria-expanded', 'true');
      tell();
      input.focus();
    },

    async compareAgain() {
      /** @type {Map<number, number>} */
      const remembered = new Map(JSON.parse(sessionStorage.getItem(memory) ?? '[]'));
      const found = (await shelf.list()).filter(({ id }) => remembered.has(id));
      const read = await Promise.allSettled(
        found.map(async ({ id, name, summary }) => ({
          id,
          name,
          slot: remembered.get(id) ?? 0,
          regression: summary.problem === 'regression',
          history: curvesOf(await shelf.document(id)),
        })),
      );
      // Another tab may have deleted one meanwhile.
      actions.show({ compared: read.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : [])) });
    },

    update(newState) {
      const old = state;
      state = newState;
      if (old && old.compared !== state.compared) remember(state.compared);
      if (!dialog.open) return;
      if (told !== state.experiment || old?.compared !== state.compared) tell();
      if (old?.experiment !== state.experiment) suggest();
    },

    destroy() {
      dialog.remove();
    },
  };
}

/**
 * @param {PageState} state
 * @returns {boolean} whether more than its link would be lost
 */
function isWorthKeeping({ run, experiment }) {
  const { own_points: own, table } = experiment?.config ?? {};
  return (
    Boolean(run && (run.step > 0 || run.samples_seen > 0)) ||
    (Array.isArray(own) && own.length > 0) ||
    Boolean(table)
  );
}

/**
 * @param {PageState} state
 * @returns {string} what its run may be called
 */
function nameOf({ experiment }) {
  const hidden = experiment?.layers.slice(1, -1) ?? [];
  return [experiment?.data_label, hidden.join('-')].filter(Boolean).join(' ').slice(0, LONGEST_NAME);
}

/**
 * @param {ComparedRun[]} compared
 * @returns {number} the first that none of them has
 */
function freeSlot(compared) {
  let slot = 0;
  while (compared.some((run) => run.slot === slot)) slot += 1;
  return slot;
}
