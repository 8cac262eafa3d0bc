/**
 * The keyboard where no single control has it: past the bar at one press, playing from anywhere, and what keys there
 * are. No key without Ctrl or Cmd, which would be in the way of typing and of a screen reader.
 */
import { part } from '../lib/element.js';
import { t } from '../lib/words.js';

/** @import {View, Context} from '../view.js' */

/**
 * @param {HTMLElement} root - the whole page
 * @param {Context} context
 * @returns {View}
 */
export function mount(root, { actions }) {
  const play = part(root, '.play-button', HTMLButtonElement);
  const step = part(root, '.step-button', HTMLButtonElement);
  const nodes = part(root, '.network-nodes', HTMLElement);

  part(root, '.skip-to-network', HTMLButtonElement).addEventListener('click', () => {
    part(nodes, 'button[tabindex="0"]', HTMLButtonElement).focus();
  });
  part(root, '.keyboard-help', HTMLButtonElement).addEventListener('click', async () => {
    const fetched = await import('./keyboard/help.js').catch(() => null);
    if (fetched) await fetched.openKeyboardHelp(root);
    else {
      const sentence = t('This could not be fetched: the server did not answer. Try again in a moment.');
      actions.show({ refusals: { '': sentence } });
    }
  });

  root.addEventListener(
    'keydown',
    (event) => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      if (root.querySelector('dialog:modal')) return;
      const button = event.shiftKey ? step : play;
      event.stopPropagation();
      event.preventDefault();
      // What was typed into a field is taken as it is left.
      if (event.target instanceof HTMLInputElement) {
        event.target.blur();
        event.target.focus();
      }
      if (!event.repeat && button.checkVisibility()) button.click();
    },
    { capture: true },
  );

  return { update() {}, destroy() {} };
}
