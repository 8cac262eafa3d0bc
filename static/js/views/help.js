/**
 * Help on demand: one card explains whatever is asked for. Words of the page that can be asked about have `data-term`,
 * the key of their explanation.
 */
import { html } from '../lib/element.js';
import { explained, helpButton } from '../lib/help.js';
import { t } from '../lib/words.js';

/** @import {Topic} from '../lib/help.js' */
/** @import {PageState} from '../store.js' */
/** @import {View} from '../view.js' */
/** @import {HelpCard} from './help/card.js' */

/** What stands at the same place where numbers are predicted. */
const IN_REGRESSION = new Map([
  ['accuracy', 'r_squared'],
  ['decision_boundary', 'prediction'],
]);

/**
 * @param {HTMLElement} root - the whole page
 * @returns {View}
 */
export function mount(root) {
  /** @type {PageState | null} */
  let state = null;
  /** @type {Promise<HelpCard> | null} */
  let card = null;

  /**
   * @param {HTMLElement} word
   * @returns {Topic[]}
   */
  function topicsOf(word) {
    const { experiment } = state ?? {};
    const keys = word.dataset.term?.split(' ') ?? [];
    if (keys[0] === 'data' && experiment && !experiment.config.table) {
      keys.push(`data set/${experiment.config.dataset}`);
    }
    const regression = experiment?.problem === 'regression';
    return keys.map((key) => ({ key: (regression && IN_REGRESSION.get(key)) || key }));
  }

  for (const word of root.querySelectorAll('[data-term]')) {
    if (!(word instanceof HTMLElement) || word.matches('[role="tab"]')) continue;
    if (word.matches('.check')) mark(word);
    else explained(word, () => topicsOf(word));
  }
  for (const tabs of root.querySelectorAll('[role="tablist"]')) {
    if (!(tabs instanceof HTMLElement)) continue;
    const chosen = () => tabs.querySelector('[aria-selected="true"]');
    tabs.after(
      helpButton(tabs, () => {
        const tab = chosen();
        return tab instanceof HTMLElement ? topicsOf(tab) : [];
      }),
    );
  }

  /**
   * A press on a check box's label checks it, so a mark of its own beside it explains it.
   *
   * @param {HTMLElement} label
   */
  function mark(label) {
    const place = html('div', { class: 'term term-check', 'data-control': label.dataset.control });
    label.replaceWith(place);
    place.append(
      label,
      helpButton(label, () => topicsOf(label)),
    );
  }

  root.addEventListener('help', async (event) => {
    const { target, detail } = /** @type {CustomEvent<Topic[]>} */ (event);
    const button = /** @type {HTMLButtonElement} */ (target);
    card ??= import('./help/card.js').then(({ createHelpCard }) => createHelpCard());
    try {
      (await card).open(button, detail);
    } catch {
      card = null; // to be tried again
      button.title = t('Help could not be fetched: the server did not answer. Try again in a moment.');
    }
  });

  return {
    update(newState) {
      state = newState;
    },
    destroy() {},
  };
}
