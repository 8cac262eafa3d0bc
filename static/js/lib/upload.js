/**
 * A table on its way to the server: what is refused before it leaves, and what the server read in it.
 */

import { said, t } from './words.js';

/** @import {TablePreview, UploadAnswer} from '../protocol.js' */

/**
 * @typedef {Object} Reading - how a file is to be read; what is left out is recognized
 * @property {boolean} [header] - whether the first row names the columns
 * @property {string} [delimiter]
 * @property {string} [encoding]
 */

/** @typedef {{preview: TablePreview | null, refusal: string}} Uploaded */

/** Of a file, as the server has it, and a test compares; what is larger need not be sent first. */
export const MAX_BYTES = 10_000_000;

const HEAD_BYTES = 4096;
const NO_ANSWER = t(
  'The server could not be reached, so the file was not read. Nothing was changed; try again.',
);
const ODD_ANSWER = t(
  'The server failed to read the file, and did not say why. Nothing was changed; try again, or another file.',
);

/**
 * Say why a file cannot be a table, as far as that can be seen without sending it.
 *
 * @param {File} file
 * @returns {Promise<string>} a sentence, or ""
 */
export async function refusalOf(file) {
  if (file.size > MAX_BYTES) {
    const size = Math.ceil(file.size / 1e5) / 10;
    return t('The file has {size} MB; at most {most} MB are accepted. Keep fewer rows or columns.', {
      size,
      most: MAX_BYTES / 1e6,
    });
  }
  /** @type {Uint8Array} */
  let head;
  try {
    head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  } catch {
    return t('This cannot be read: it is a folder, or it was moved or changed. Choose a CSV or TSV file.');
  }
  if (head.length === 0) return t('The file is empty.');
  const instead = t('A table is a text file, such as CSV or TSV; save or export it as one, and choose that.');
  if (head[0] === 0x50 && head[1] === 0x4b) {
    return t('This looks like an Excel workbook or another archive. {instead}', { instead });
  }
  const utf16 = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
  if (/^(image|audio|video)\//.test(file.type) || (head.includes(0) && !utf16)) {
    return t('This is not a text file. {instead}', { instead });
  }
  return '';
}

/**
 * Send a file to be read.
 *
 * @param {File} file
 * @param {Reading} how
 * @param {{token: string | null, signal: AbortSignal, onProgress: (share: number) => void}} options - the key of the
 *   run that it is for; what gives it up; told how much of it has been sent, 0 to 1
 * @returns {Promise<Uploaded>}
 */
export function upload(file, how, { token, signal, onProgress }) {
  const query = new URLSearchParams({ name: file.name });
  if (how.header !== undefined) query.set('header', how.header ? 'yes' : 'no');
  if (how.delimiter) query.set('delimiter', how.delimiter);
  if (how.encoding) query.set('encoding', how.encoding);

  return new Promise((resolve) => {
    // Not fetch, which cannot tell how much of a file has been sent.
    const request = new XMLHttpRequest();
    request.open('POST', `table?${query}`);
    request.setRequestHeader('X-Run', token ?? '');
    request.upload.addEventListener('progress', ({ loaded, total }) => onProgress(loaded / total));
    request.addEventListener('load', () => resolve(understood(request.responseText)));
    request.addEventListener('error', () => resolve({ preview: null, refusal: NO_ANSWER }));
    request.addEventListener('abort', () => resolve({ preview: null, refusal: '' }));
    signal.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}

/**
 * @param {string} answer - what the server sent
 * @returns {Uploaded}
 */
export function understood(answer) {
  /** @type {UploadAnswer | null} */
  let came = null;
  try {
    came = said(JSON.parse(answer));
  } catch {
    // Of something between the page and the server, or a fault of the server.
  }
  const refusal = came?.refusal?.message ?? (came?.preview ? '' : ODD_ANSWER);
  return { preview: came?.preview ?? null, refusal };
}
