/**
 * A run as one document, which the server writes and reads. Here it stays the text that came: written anew, its
 * numbers would no longer be those that its checksum is of.
 */
import { COLUMNS, emptyHistory } from './history.js';
import { said, t } from './words.js';

/** @import {History} from './history.js' */

/**
 * @typedef {Object} RunSummary - what can be told of a run without opening it
 * @property {string} saved - when, ISO
 * @property {string} link
 * @property {unknown} label - of its data: protocol.Told
 * @property {string} problem
 * @property {Record<string, unknown>} config
 * @property {number} epoch
 * @property {string} lacks - what the document cannot hold, in a sentence, or ""
 * @property {number[]} losses - of training and test: loss, accuracy (or R²), mean absolute error; NaN if not known
 */

/** Names of a document's columns, in the order of COLUMNS. */
const NAMES = [
  'epoch',
  'training_loss',
  'test_loss',
  'training_accuracy',
  'test_accuracy',
  'training_error',
  'test_error',
];

/** A picture that is larger is none of ours. */
const LARGEST_PICTURE = 200_000;

const OUR_PICTURE = /^data:image\/(png|webp|jpeg);base64,[\w+/=]+$/;

/**
 * Ask the server for the present run.
 *
 * @param {string | null} token - the key of the run
 * @returns {Promise<{document: string, refusal: string}>}
 */
export async function fetchRun(token) {
  try {
    const response = await fetch('run', { headers: { 'X-Run': token ?? '' }, cache: 'no-store' });
    const document = await response.text();
    return response.ok ? { document, refusal: '' } : { document: '', refusal: understood(document).refusal };
  } catch {
    return {
      document: '',
      refusal: t('The server could not be reached, so the run was not saved. Try again.'),
    };
  }
}

/**
 * Have the present run become that of a document.
 *
 * @param {string | Blob} document
 * @param {string | null} token - the key of the run
 * @returns {Promise<{notes: string[], refusal: string}>}
 */
export async function sendRun(document, token) {
  try {
    const headers = { 'X-Run': token ?? '', 'Content-Type': 'application/json' };
    const response = await fetch('run', { method: 'POST', headers, body: document });
    return understood(await response.text());
  } catch {
    const refusal = t(
      'The server could not be reached, so the run was not opened. Nothing was changed; try again.',
    );
    return { notes: [], refusal };
  }
}

/**
 * @param {string} answer - what the server sent
 * @returns {{notes: string[], refusal: string}}
 */
function understood(answer) {
  try {
    const { notes = [], refusal } = said(JSON.parse(answer));
    return {
      notes: notes.map((/** @type {{message: string}} */ { message }) => message),
      refusal: refusal?.message ?? '',
    };
  } catch {
    // Of something between the page and the server, or a fault of the server.
    const refusal = t('The server failed at this run, and did not say why. Nothing was changed; try again.');
    return { notes: [], refusal };
  }
}

/**
 * @param {string} document - that the server wrote or accepted
 * @returns {RunSummary}
 */
export function summaryOf(document) {
  const { saved, link, data_label: label, problem, checkpoint, history, lacks = '' } = JSON.parse(document);
  const curves = historyOf(history);
  const row = curves.epoch.length - 1;
  return {
    saved,
    link,
    label,
    problem,
    config: checkpoint.config,
    epoch: checkpoint.now.epoch,
    lacks: said(lacks),
    losses: COLUMNS.slice(1).map((name) => curves[name][row] ?? NaN),
  };
}

/**
 * @param {string} document - that the server wrote or accepted
 * @returns {History}
 */
export function curvesOf(document) {
  return historyOf(JSON.parse(document).history);
}

/**
 * @param {{columns: string[], rows: (number | null)[][]}} history
 * @returns {History}
 */
function historyOf({ columns, rows }) {
  const history = emptyHistory();
  COLUMNS.forEach((name, at) => {
    const column = columns.indexOf(NAMES[at]);
    history[name] = rows.map((row) => row[column] ?? NaN);
  });
  return history;
}

/**
 * @param {string} one - a document
 * @param {string} other
 * @returns {boolean} whether both are of the same run at the same moment
 */
export function isSameRun(one, other) {
  const [a, b] = [one, other].map((document) => JSON.stringify(JSON.parse(document).checkpoint));
  return a === b;
}

/** @typedef {{name: string, picture: string}} Own - what the page adds to a document; the server leaves it alone */

/**
 * @param {string} document - without it
 * @param {Own} own
 * @returns {string}
 */
export function withOwn(document, own) {
  return document.trimEnd().slice(0, -1) + ending(own);
}

/**
 * Take off what a page has added; a document that somebody has written anew stays as it is.
 *
 * @param {string} document - that the server accepted
 * @returns {{document: string, own: Own}} "" for what there is not, or is of no use
 */
export function withoutOwn(document) {
  const { name = '', picture = '' } = JSON.parse(document);
  const text = document.trimEnd();
  const added = ending({ name, picture });
  const isOurs = String(picture).length <= LARGEST_PICTURE && OUR_PICTURE.test(picture);
  return {
    document: text.endsWith(added) ? `${text.slice(0, -added.length)}}` : document,
    own: { name: typeof name === 'string' ? name : '', picture: isOurs ? picture : '' },
  };
}

/**
 * @param {Own} own
 * @returns {string} of the text of a document that has it
 */
function ending({ name, picture }) {
  return `,${JSON.stringify({ name, picture }).slice(1)}`;
}
