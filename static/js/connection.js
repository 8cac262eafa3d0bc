/**
 * The one connection to the server: messages out, messages in, and finding the run again after a break.
 */
import { inOrder } from './lib/picture.js';
import { said, t } from './lib/words.js';

/** @import {Answer, Command, Frame, Update, Watch} from './protocol.js' */
/** @import {OnPicture} from './lib/picture.js' */

/**
 * @typedef {Object} Connection
 * @property {(listener: Listener) => void} listen - to what comes, and to what has come already
 * @property {(command: Command['command']) => Promise<Answer>} command - resolves to what became of it
 * @property {(number: number) => void} receipt - the pictures up to this number have been dealt with
 * @property {(watch: Watch) => void} watch - what to send from now on, also after a break
 */

/**
 * @typedef {Object} Listener
 * @property {(answer: Answer) => void} onOpened
 * @property {(status: 'lost' | 'refused', why: string) => void} onClosed
 * @property {(update: Update) => void} onUpdate
 * @property {OnPicture} onPicture
 */

const RETRY_MS = 4000;

/**
 * Take part in a run over the connection that socket-early.js has begun to open.
 *
 * @param {{link: string, token: string | null}} run - by its key, or a new one as the link describes it
 * @returns {Connection}
 */
export function connect({ link, token }) {
  const socket = earlySocket;
  /** @type {Listener | null} */
  let listener = null;
  /** @type {((listener: Listener) => void)[]} */
  const untold = [];
  /** @type {Map<number, (answer: Answer) => void>} */
  const waiting = new Map();
  /** @type {Watch | null} */
  let watched = null;
  let sequence = 0;
  let opened = false;

  /** @param {(listener: Listener) => void} what */
  function tell(what) {
    if (listener) what(listener);
    else untold.push(what);
  }

  /**
   * @param {string} event
   * @param {object} message - without its number
   * @returns {Promise<Answer>}
   */
  function ask(event, message) {
    sequence += 1;
    const seq = sequence;
    socket.emit(event, { seq, ...message });
    return new Promise((resolve) => waiting.set(seq, resolve));
  }

  /** @param {string} message */
  function giveUpWaiting(message) {
    opened = false;
    for (const [seq, resolve] of waiting) resolve({ seq, refusal: { field: '', message } });
    waiting.clear();
  }

  /**
   * @param {'lost' | 'refused'} status
   * @param {string} [why]
   */
  const tellClosed = (status, why = '') => tell(({ onClosed }) => onClosed(status, why));

  async function open() {
    const answer = await ask('open', { link, token });
    if (!socket.connected) return;
    if (answer.refusal) {
      tellClosed('refused', answer.refusal.message);
      setTimeout(() => socket.disconnect().connect(), RETRY_MS);
      return;
    }
    opened = true;
    token = answer.token ?? token;
    if (watched) socket.emit('watch', watched);
    tell(({ onOpened }) => onOpened(answer));
  }
  socket.on('connect', open);
  socket.on('disconnect', (reason) => {
    giveUpWaiting(t('The connection was lost before the answer came.'));
    if (reason === 'io client disconnect') return;
    tellClosed('lost');
    if (reason === 'io server disconnect') setTimeout(() => socket.connect(), RETRY_MS / 4);
  });
  socket.on('connect_error', (error) => {
    // The library tries again by itself, but not where the server itself has said no.
    if (socket.active) {
      tellClosed('lost');
    } else {
      tellClosed('refused', error.message);
      setTimeout(() => socket.connect(), RETRY_MS);
    }
  });

  socket.on('answer', (/** @type {Answer} */ answer) => {
    waiting.get(answer.seq)?.(said(answer));
    waiting.delete(answer.seq);
  });
  socket.on('update', (/** @type {Update} */ update) => {
    link = update.experiment?.link ?? link;
    tell(({ onUpdate }) => onUpdate(said(update)));
  });
  const take = inOrder((number, picture, rows) => tell(({ onPicture }) => onPicture(number, picture, rows)));
  socket.on('frame', (/** @type {Frame} */ frame, /** @type {Uint8Array} */ rows) => void take(frame, rows));

  if (socket.connected) void open();

  return {
    listen(newListener) {
      listener = newListener;
      for (const what of untold.splice(0)) what(listener);
    },
    command(command) {
      if (opened) return ask('command', { command });
      const message = t('There is no connection to the server at the moment; nothing was changed.');
      return Promise.resolve({ seq: 0, refusal: { field: '', message } });
    },
    receipt(number) {
      if (opened) socket.emit('receipt', { number });
    },
    watch(watch) {
      watched = watch;
      if (opened) socket.emit('watch', watch);
    },
  };
}
