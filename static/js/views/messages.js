/**
 * What concerns the whole page: the connection, a link that was not understood, a refusal that belongs to no field.
 */
import { html } from '../lib/element.js';

/** @import {View, Context} from '../view.js' */

/**
 * @param {HTMLElement} root - a live region
 * @param {Context} context
 * @returns {View}
 */
export function mount(root, { actions, choices }) {
  const known = new Set(
    choices.settings.flatMap(({ name, kind, registry = '' }) => [
      name,
      ...(kind === 'options' ? choices.entries(registry) : []).flatMap(({ parameters }) =>
        parameters.map((parameter) => parameter.name),
      ),
    ]),
  );
  let shown = '';

  /**
   * @param {string} kind
   * @param {string[]} sentences
   * @param {(() => void) | null} dismiss
   */
  function message(kind, sentences, dismiss) {
    const button = html('button', { type: 'button', class: 'message-dismiss', 'aria-label': 'Dismiss' }, '×');
    if (dismiss) button.addEventListener('click', dismiss);
    const text = html(
      'div',
      { class: 'message-text' },
      ...sentences.map((sentence) => html('p', {}, sentence)),
    );
    return html('div', { class: 'message', 'data-kind': kind }, text, dismiss ? button : null);
  }

  return {
    update({ connection, refused, notes, refusals }) {
      const homeless = Object.entries(refusals).filter(([name]) => !known.has(name));
      const state = JSON.stringify([connection, refused, notes, homeless]);
      if (state === shown) return;
      shown = state;
      root.replaceChildren();
      if (connection === 'lost') {
        root.append(message('waiting', ['The connection to the server is lost. Trying again…'], null));
      } else if (connection === 'refused') {
        root.append(message('waiting', [refused, 'Trying again in a few seconds…'], null));
      }
      if (notes.length > 0) {
        const sentences = [...new Set(notes.map((note) => note.message))];
        root.append(message('note', sentences, () => actions.show({ notes: [] })));
      }
      if (homeless.length > 0) {
        const sentences = homeless.map(([, sentence]) => sentence);
        root.append(message('refusal', sentences, () => actions.show({ refusals: {} })));
      }
    },
    destroy() {
      root.replaceChildren();
    },
  };
}
