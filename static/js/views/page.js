/**
 * What belongs to the page rather than to the experiment: its theme, the link to it, and what a link hides.
 */
import { part, setText } from '../lib/element.js';
import { createHiding } from '../lib/hiding.js';
import { t } from '../lib/words.js';
import { chooseTheme, theme } from '../theme.js';

/** @import {View, Context} from '../view.js' */
/** @import {PageState} from '../store.js' */

const CONFIRMED_MS = 1600;

/**
 * @param {HTMLElement} root
 * @param {Context} context
 * @returns {View}
 */
export function mount(root, context) {
  const toggle = part(root, '.theme-button', HTMLButtonElement);
  const copy = part(root, '.copy-link', HTMLButtonElement);
  const label = part(copy, '.copy-link-label', HTMLElement);
  const share = part(root, '.share-button', HTMLButtonElement);
  const hide = createHiding(document);
  let hidden = '';
  let timer = 0;
  /** @type {PageState | null} */
  let state = null;
  /** @type {Pick<View, 'update'> | null} the card to share, or the way out of another page */
  let further = null;

  toggle.addEventListener('click', () => chooseTheme(theme() === 'dark' ? 'light' : 'dark'));
  copy.addEventListener('click', async () => {
    const done = await copyText(location.href);
    copy.toggleAttribute('data-done', done);
    tell(done ? t('Copied') : t('Copy it from the address bar'));
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      copy.removeAttribute('data-done');
      tell(t('Copy link'));
    }, CONFIRMED_MS);
  });
  let fetching = false;
  share.addEventListener('click', openShare);

  /** @param {string} text */
  function tell(text) {
    setText(label, text);
    copy.title = text;
  }

  async function openShare() {
    if (fetching) return; // a second press of a double click
    fetching = true;
    const fetched = await import('./page/share.js').catch(() => null);
    if (fetched) {
      share.removeEventListener('click', openShare);
      const card = await fetched.createShareCard(share, context, copyText);
      further = card;
      if (state) card.update(state);
      card.open();
    } else {
      const sentence = t('This could not be fetched: the server did not answer. Try again in a moment.');
      context.actions.show({ refusals: { '': sentence } });
    }
    fetching = false;
  }

  async function showWayOut() {
    const { createWayOut } = await import('./page/way-out.js');
    further = createWayOut(root);
    if (state) further.update(state);
  }

  return {
    update(newState) {
      if (!state && newState.embed) void showWayOut();
      state = newState;
      const name = theme() === 'dark' ? t('Light theme') : t('Dark theme');
      if (toggle.title !== name) {
        toggle.title = name;
        toggle.setAttribute('aria-label', name);
      }
      if (hidden !== state.hide) {
        hidden = state.hide;
        hide(hidden.split(','));
      }
      further?.update(state);
    },
    destroy() {
      clearTimeout(timer);
      hide([]);
    },
  };
}

/**
 * @param {string} text
 * @returns {Promise<boolean>}
 */
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // not allowed, or not a secure origin
  }
}
