/**
 * The runs that are kept in this browser: what a list shows of them, and apart from it their documents, which may be
 * large.
 */

/** @import {RunSummary} from './run-document.js' */

/**
 * @typedef {Object} SavedRun
 * @property {number} id
 * @property {string} name
 * @property {string} picture - a data URL, or ""
 * @property {string} kept - when it was put here, ISO
 * @property {RunSummary} summary
 */

/**
 * @typedef {Object} Shelf
 * @property {boolean} lasting - whether what is on it is still there after the page was closed
 * @property {() => Promise<SavedRun[]>} list - the newest first
 * @property {(id: number) => Promise<string>} document - as it came; rejects if the run is gone
 * @property {(run: Omit<SavedRun, 'id'> & {id?: number}, document: string) => Promise<number>} put - returns its
 *   number, a new one if it has none; rejects if there is no room
 * @property {(id: number, name: string) => Promise<void>} rename
 * @property {(id: number) => Promise<void>} remove
 */

const DATABASE = 'neural-playground';
const VERSION = 1;
const RUNS = 'runs';
const DOCUMENTS = 'run documents';

/**
 * @returns {Promise<Shelf>} of this page only, if the browser keeps nothing for us
 */
export async function openShelf() {
  try {
    return lastingShelf(await open());
  } catch {
    return passingShelf();
  }
}

/** @returns {Promise<IDBDatabase>} */
function open() {
  const request = indexedDB.open(DATABASE, VERSION);
  request.addEventListener('upgradeneeded', () => {
    request.result.createObjectStore(RUNS, { keyPath: 'id', autoIncrement: true });
    request.result.createObjectStore(DOCUMENTS);
  });
  return answerOf(request);
}

/**
 * @param {IDBDatabase} database
 * @returns {Shelf}
 */
function lastingShelf(database) {
  /**
   * Do something to both stores, or to neither.
   *
   * @template T
   * @param {(runs: IDBObjectStore, documents: IDBObjectStore) => Promise<T>} work
   * @returns {Promise<T>}
   */
  async function change(work) {
    const transaction = database.transaction([RUNS, DOCUMENTS], 'readwrite');
    const done = new Promise((resolve, reject) => {
      transaction.addEventListener('complete', resolve);
      transaction.addEventListener('abort', () => reject(transaction.error));
    });
    const [result] = await Promise.all([
      work(transaction.objectStore(RUNS), transaction.objectStore(DOCUMENTS)),
      done,
    ]);
    return result;
  }

  return {
    lasting: true,
    async list() {
      return newestFirst(await answerOf(database.transaction(RUNS).objectStore(RUNS).getAll()));
    },
    async document(id) {
      const found = await answerOf(database.transaction(DOCUMENTS).objectStore(DOCUMENTS).get(id));
      return required(found);
    },
    put: (run, document) =>
      change(async (runs, documents) => {
        const id = Number(await answerOf(runs.put(run)));
        await answerOf(documents.put(document, id));
        return id;
      }),
    rename: (id, name) =>
      change(async (runs) => {
        const run = required(await answerOf(runs.get(id)));
        await answerOf(runs.put({ ...run, name }));
      }),
    remove: (id) =>
      change(async (runs, documents) => {
        await Promise.all([answerOf(runs.delete(id)), answerOf(documents.delete(id))]);
      }),
  };
}

/** @returns {Shelf} */
export function passingShelf() {
  /** @type {Map<number, {run: SavedRun, document: string}>} */
  const kept = new Map();
  let last = 0;
  return {
    lasting: false,
    list: async () => newestFirst([...kept.values()].map(({ run }) => run)),
    document: async (id) => required(kept.get(id)).document,
    async put(run, document) {
      const id = run.id ?? ++last;
      kept.set(id, { run: { ...run, id }, document });
      return id;
    },
    async rename(id, name) {
      const { run, document } = required(kept.get(id));
      kept.set(id, { run: { ...run, name }, document });
    },
    async remove(id) {
      kept.delete(id);
    },
  };
}

/**
 * @param {SavedRun[]} runs
 * @returns {SavedRun[]}
 */
function newestFirst(runs) {
  return runs.toSorted((a, b) => b.kept.localeCompare(a.kept) || b.id - a.id);
}

/**
 * @template T
 * @param {T | undefined} found
 * @returns {T}
 */
function required(found) {
  if (found === undefined) throw new Error('The run is no longer kept here.');
  return found;
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function answerOf(request) {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error));
  });
}

/**
 * @param {string} wish
 * @param {string[]} taken
 * @returns {string} the wish, with a number behind it if it is taken
 */
export function freeName(wish, taken) {
  if (!taken.includes(wish)) return wish;
  let number = 2;
  while (taken.includes(`${wish} (${number})`)) number += 1;
  return `${wish} (${number})`;
}
