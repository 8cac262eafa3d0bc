/**
 * What belongs to the page rather than to the experiment: its theme, and the link to it.
 */
import { part, setText } from '../lib/element.js';
import { chooseTheme, theme } from '../theme.js';

/** @import {View} from '../view.js' */

const CONFIRMED_MS = 1600;

/**
 * @param {HTMLElement} root
 * @returns {View}
 */
export function mount(root) {
  const toggle = part(root, '.theme-button', HTMLButtonElement);
  const copy = part(root, '.copy-link', HTMLButtonElement);
  const label = part(copy, '.copy-link-label', HTMLElement);
  let timer = 0;

  toggle.addEventListener('click', () => chooseTheme(theme() === 'dark' ? 'light' : 'dark'));
  copy.addEventListener('click', async () => {
    const done = await copyText(location.href);
    setText(label, done ? 'Copied' : 'Copy it from the address bar');
    clearTimeout(timer);
    timer = window.setTimeout(() => setText(label, 'Copy link'), CONFIRMED_MS);
  });

  return {
    update() {
      const name = theme() === 'dark' ? 'Light theme' : 'Dark theme';
      if (toggle.title !== name) {
        toggle.title = name;
        toggle.setAttribute('aria-label', name);
      }
    },
    destroy() {
      clearTimeout(timer);
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
