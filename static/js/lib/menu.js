/**
 * A button's few further choices, in a card that closes at a press elsewhere or Escape.
 */
import { html } from './element.js';

/** @typedef {{label: string, run: () => void}} MenuItem */

const GAP = 4;
const MARGIN = 8;

/**
 * Have `button` unfold a menu.
 *
 * @param {HTMLButtonElement} button
 * @param {MenuItem[]} items
 */
export function attachMenu(button, items) {
  const menu = html(
    'div',
    { class: 'menu', popover: 'auto', role: 'group', 'aria-label': button.ariaLabel ?? button.textContent },
    ...items.map(({ label, run }) => {
      const item = html('button', { type: 'button', class: 'menu-item' }, label);
      item.addEventListener('click', () => {
        menu.hidePopover();
        run();
      });
      return item;
    }),
  );
  button.after(menu);
  button.popoverTargetElement = menu;
  menu.addEventListener('toggle', (event) => {
    if (/** @type {ToggleEvent} */ (event).newState !== 'open') return;
    const { right, top, bottom } = button.getBoundingClientRect();
    const { width, height } = menu.getBoundingClientRect();
    const below = bottom + GAP + height <= window.innerHeight - MARGIN;
    menu.style.left = `${Math.max(MARGIN, right - width)}px`;
    menu.style.top = `${below ? bottom + GAP : top - GAP - height}px`;
    menu.querySelector('button')?.focus();
  });
}
