/**
 * What training does, told to those who hear the page.
 */
import { setText } from '../lib/element.js';

/** @import {View} from '../view.js' */
/** @import {PageState} from '../store.js' */
/** @import {Remark} from '../lib/announce.js' */

/**
 * @param {HTMLElement} root - a live region
 * @returns {View}
 */
export function mount(root) {
  /** @type {PageState | null} */
  let shown = null;
  /** @type {((state: PageState, now: number) => Remark) | null} */
  let narrate = null;
  let fetching = false;
  let timer = 0;

  /** Before the first step there is nothing to tell. */
  async function fetchNarrator() {
    fetching = true;
    try {
      const { createNarrator } = await import('../lib/announce.js');
      narrate = createNarrator();
      tell();
    } catch {
      fetching = false; // the server is away: asked for again with what it sends when it is back
    }
  }

  function tell() {
    clearTimeout(timer);
    if (!shown || !narrate) return;
    const { sentence, wait } = narrate(shown, performance.now());
    if (sentence) setText(root, sentence);
    if (wait) timer = window.setTimeout(tell, wait);
  }

  return {
    update(state) {
      shown = state;
      if (narrate) tell();
      else if (!fetching && state.run && (state.run.playing || state.run.step > 0)) void fetchNarrator();
    },
    destroy() {
      clearTimeout(timer);
    },
  };
}
