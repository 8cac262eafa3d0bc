/**
 * A card beside what it is about.
 */
import { html } from './element.js';
import { t } from './words.js';

/**
 * @typedef {Object} Card
 * @property {(name: string, content: Node[], anchor: Box, stays: boolean) => void} open - one that stays is closed by
 *   its button, Escape or a press elsewhere in the root only; another by a press anywhere else
 * @property {() => void} close
 * @property {() => boolean} isOpen
 */

/** @typedef {{left: number, right: number, top: number, bottom: number}} Box - pixels of the window */

const GAP = 8;
const MARGIN = 8;

/**
 * @param {HTMLElement} root
 * @param {() => void} onClose
 * @returns {Card}
 */
export function createCard(root, onClose) {
  const element = html('div', { class: 'card', role: 'dialog', popover: 'auto' });
  const dismiss = html('button', { type: 'button', class: 'card-close', 'aria-label': t('Close') }, '×');
  root.append(element);
  const isOpen = () => element.matches(':popover-open');
  const stays = () => isOpen() && element.popover === 'manual';
  /** @type {Element | null} */
  let opener = null;

  element.addEventListener('toggle', (event) => {
    if (/** @type {ToggleEvent} */ (event).newState === 'open') return;
    element.replaceChildren();
    onClose();
  });
  dismiss.addEventListener('click', leave);
  document.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape' && stays()) leave();
  });
  root.addEventListener('pointerdown', ({ target }) => {
    if (stays() && target instanceof Node && !element.contains(target)) element.hidePopover();
  });

  /** Close it, and go back to where the keyboard was. */
  function leave() {
    element.hidePopover();
    if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
  }

  /**
   * Beside the anchor, and if there is room without covering what stands beside the root.
   *
   * @param {Box} anchor
   */
  function place({ left, right, top, bottom }) {
    const { width, height } = element.getBoundingClientRect();
    const { left: from, right: to } = root.getBoundingClientRect();
    const least = Math.max(from, 0) + MARGIN;
    const most = Math.min(to, window.innerWidth) - MARGIN - width;
    const lowest = window.innerHeight - MARGIN - height;
    const [before, after] = [left - GAP - width, right + GAP];
    const beside = after <= most || before >= least;
    const x = after <= most ? after : beside ? before : Math.max(least, Math.min(left, most));
    element.style.left = `${x}px`;
    element.style.top = `${Math.max(MARGIN, Math.min(beside ? top : bottom + GAP, lowest))}px`;
  }

  return {
    open(name, content, anchor, staying) {
      if (!element.contains(document.activeElement)) opener = document.activeElement;
      element.setAttribute('aria-label', name);
      element.replaceChildren(...content, dismiss);
      element.popover = staying ? 'manual' : 'auto'; // another kind than before closes it
      element.showPopover();
      place(anchor);
    },
    close: () => element.hidePopover(),
    isOpen,
  };
}
