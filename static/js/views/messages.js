/**
 * What concerns the whole page: the connection, a link that was not understood, why training stopped by itself, a
 * refusal that belongs to no field.
 */
import { html } from '../lib/element.js';
import { t } from '../lib/words.js';

/** @import {PageState} from '../store.js' */
/** @import {View, Context} from '../view.js' */

/**
 * @param {HTMLElement} root - a live region
 * @param {Context} context
 * @returns {View}
 */
export function mount(root, { actions, choices }) {
  const known = new Set(choices.settings.map(({ name }) => name));
  let shown = '';
  let dismissed = ''; // why training stopped, once that has been read

  /**
   * @param {string} kind
   * @param {string[]} sentences
   * @param {(() => void) | null} dismiss
   */
  function message(kind, sentences, dismiss) {
    const button = html(
      'button',
      { type: 'button', class: 'message-dismiss', 'aria-label': t('Dismiss') },
      '×',
    );
    if (dismiss) button.addEventListener('click', dismiss);
    const text = html(
      'div',
      { class: 'message-text' },
      ...sentences.map((sentence) => html('p', {}, sentence)),
    );
    return html('div', { class: 'message', 'data-kind': kind }, text, dismiss ? button : null);
  }

  /** @param {PageState} page */
  function update(page) {
    const { connection, refused, notes, refusals, run } = page;
    // An option's refusal, "optimizer.momentum", stands at the option.
    const homeless = Object.entries(refusals).filter(([name]) => !known.has(name.split('.')[0]));
    const stopped = run?.stopped ?? '';
    if (!stopped) dismissed = '';
    const state = JSON.stringify([connection, refused, notes, homeless, stopped, dismissed]);
    if (state === shown) return;
    shown = state;
    root.replaceChildren();
    if (connection === 'lost') {
      root.append(message('waiting', [t('The connection to the server is lost. Trying again…')], null));
    } else if (connection === 'refused') {
      root.append(message('waiting', [refused, t('Trying again in a few seconds…')], null));
    }
    if (stopped && stopped !== dismissed) {
      const kind = run?.stopped_by === 'divergence' ? 'refusal' : 'note';
      root.append(
        message(kind, [stopped], () => {
          dismissed = stopped;
          update(page);
        }),
      );
    }
    if (notes.length > 0) {
      const sentences = [...new Set(notes.map((note) => note.message))];
      root.append(message('note', sentences, () => actions.show({ notes: [] })));
    }
    if (homeless.length > 0) {
      const sentences = homeless.map(([, sentence]) => sentence);
      root.append(message('refusal', sentences, () => actions.show({ refusals: {} })));
    }
  }

  return {
    update,
    destroy() {
      root.replaceChildren();
    },
  };
}
