/**
 * A small note at the pointer.
 */
import { html, setText } from './element.js';

/**
 * @typedef {Object} Tooltip
 * @property {(x: number, y: number) => void} move - to the pointer, in pixels of the window
 * @property {(title: string, text: string, detail?: Node | null) => void} say - with something more below the text
 * @property {() => void} hide
 */

const GAP = 14;

/**
 * @param {HTMLElement} root
 * @param {string} spared - selects what it does not cover, as far as there is another place
 * @returns {Tooltip}
 */
export function createTooltip(root, spared) {
  const title = html('span', { class: 'tooltip-title' });
  const text = html('span', { class: 'tooltip-text' });
  const card = html('div', { class: 'tooltip', role: 'tooltip', hidden: true }, title, text);
  root.append(card);
  let at = { x: 0, y: 0 };
  /** @type {Node | null} */
  let below = null;

  function place() {
    const { width, height } = card.getBoundingClientRect();
    const right = at.x + GAP;
    const left = Math.max(4, at.x - GAP - width);
    const x = right + width > window.innerWidth ? left : right;
    const y = Math.min(at.y + GAP, window.innerHeight - height - 4);
    const boxes = [...root.querySelectorAll(spared)].map((element) => element.getBoundingClientRect());
    /** @type {[x: number, y: number][]} */
    const places = [
      [x, y],
      [x, at.y - GAP - height],
      [left, y],
    ];
    const free = places.find(([x, y]) =>
      boxes.every((box) => x > box.right || x + width < box.left || y > box.bottom || y + height < box.top),
    );
    card.style.transform = `translate(${(free ?? places[0]).join('px, ')}px)`;
  }

  return {
    move(x, y) {
      at = { x, y };
      if (!card.hidden) place();
    },
    say(newTitle, newText, detail = null) {
      setText(title, newTitle);
      setText(text, newText);
      const resized = below !== detail;
      if (resized) card.replaceChildren(title, text, ...(detail ? [detail] : []));
      below = detail;
      if (card.hidden || resized) {
        card.hidden = false;
        place();
      }
    },
    hide() {
      card.hidden = true;
    },
  };
}
