/**
 * Which keys do what.
 */
import { html } from '../../lib/element.js';
import { styleSheet } from '../../lib/style-sheet.js';
import { t } from '../../lib/words.js';

/** @returns {[keys: string, effect: string][]} */
function keys() {
  return [
    [
      t('Tab, Shift+Tab'),
      t('To the next control or the one before; each is framed while it has the keyboard.'),
    ],
    [t('Ctrl+Enter'), t('Play or pause, from anywhere; on a Mac, ⌘+Enter.')],
    [t('Ctrl+Shift+Enter'), t('One step, from anywhere.')],
    [t('Arrow keys'), t('In the network, from neuron to neuron; among data sets and tabs, to the next.')],
    [t('Enter'), t('At a neuron, open its weights; at an input, switch it on or off.')],
    [
      t('Arrow keys'),
      t(
        'In the output picture, move a crosshair and hear what the network answers there; with Shift, further.',
      ),
    ],
    [t('Enter'), t('At the crosshair, add, move or erase a point, where that tool is chosen.')],
    [t('Arrow keys'), t('In the chart, read the curves epoch by epoch.')],
    [t('Escape'), t('Close a card or a menu, and go back to where it was opened.')],
  ];
}

/**
 * @param {HTMLElement} root - where the dialog may stand
 * @returns {Promise<void>} settles when it is open
 */
export async function openKeyboardHelp(root) {
  await styleSheet('keyboard-help');
  if (root.querySelector('.keyboard-dialog')) return;
  const close = html('button', { type: 'button', class: 'text-button' }, t('Close'));
  const heading = html('h2', { id: 'keyboard-heading', class: 'section-heading' }, t('Keyboard'));
  const list = keys().flatMap(([key, effect]) => [html('dt', {}, key), html('dd', {}, effect)]);
  const dialog = html(
    'dialog',
    { class: 'keyboard-dialog', 'aria-labelledby': heading.id },
    heading,
    html('dl', { class: 'keyboard-keys' }, ...list),
    close,
  );
  close.addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', () => dialog.remove());
  root.append(dialog);
  dialog.showModal();
}
