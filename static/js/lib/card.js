/**
 * A card beside what it is about: it stays until it is closed, by Escape or a press elsewhere.
 */
import { html } from './element.js';

/**
 * @typedef {Object} Card
 * @property {HTMLElement} element
 * @property {(name: string, content: Node[], anchor: Box) => void} open
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
  root.append(element);
  element.addEventListener('toggle', (event) => {
    if (/** @type {ToggleEvent} */ (event).newState === 'open') return;
    element.replaceChildren();
    onClose();
  });

  /** @param {Box} anchor */
  function place({ left, right, top, bottom }) {
    const { width, height } = element.getBoundingClientRect();
    const { innerWidth, innerHeight } = window;
    const beside = right + GAP + width <= innerWidth - MARGIN;
    const x = beside ? right + GAP : left - GAP - width;
    const y = beside || left - GAP - width >= MARGIN ? top : bottom + GAP;
    element.style.left = `${Math.max(MARGIN, Math.min(x, innerWidth - width - MARGIN))}px`;
    element.style.top = `${Math.max(MARGIN, Math.min(y, innerHeight - height - MARGIN))}px`;
  }

  return {
    element,
    open(name, content, anchor) {
      element.setAttribute('aria-label', name);
      element.replaceChildren(...content);
      element.showPopover();
      place(anchor);
    },
    close: () => element.hidePopover(),
    isOpen: () => element.matches(':popover-open'),
  };
}
