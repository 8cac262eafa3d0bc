/**
 * The button that opens the saved runs; their panel is fetched when it is first wanted.
 */
import { t } from '../lib/words.js';

/** @import {PageState} from '../store.js' */
/** @import {View, Context} from '../view.js' */
/** @import {RunsPanel} from './runs/panel.js' */

/** Under which this visit remembers what is compared. */
const KEY = 'playground compared';

/**
 * @param {HTMLElement} button
 * @param {Context} context
 * @returns {View}
 */
export function mount(button, context) {
  /** @type {Promise<RunsPanel> | null} */
  let loading = null;
  /** @type {RunsPanel | null} */
  let panel = null;
  /** @type {PageState | null} */
  let state = null;

  async function load() {
    const { createRunsPanel } = await import('./runs/panel.js');
    panel = await createRunsPanel(button, context, KEY);
    if (state) panel.update(state);
    return panel;
  }

  /** @param {(panel: RunsPanel) => void | Promise<void>} what */
  async function withPanel(what) {
    try {
      await what(await (loading ??= load()));
    } catch (error) {
      if (panel) throw error;
      loading = null;
      const sentence = t('This could not be fetched: the server did not answer. Try again in a moment.');
      context.actions.show({ refusals: { '': sentence } });
    }
  }

  button.addEventListener('click', () => void withPanel((opened) => opened.toggle()));
  if (isComparing()) void withPanel((opened) => opened.compareAgain());

  return {
    update(newState) {
      state = newState;
      panel?.update(state);
    },
    destroy() {
      panel?.destroy();
    },
  };
}

/** @returns {boolean} whether curves were compared before the page was loaded again */
function isComparing() {
  try {
    return sessionStorage.getItem(KEY) !== null;
  } catch {
    return false; // no storage here
  }
}
