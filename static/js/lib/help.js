/**
 * What explains itself when asked: a quiet button knows what it is about, and views/help.js shows it in a card.
 */
import { html } from './element.js';
import { t } from './words.js';

/**
 * @typedef {Object} Topic - something to be explained
 * @property {string} [key] - of its explanation in the help book
 * @property {string} [title] - instead of the book's
 * @property {string} [text] - instead of the book's
 */

let words = 0;

/**
 * Return a button that asks for help with what stands beside it.
 *
 * @param {HTMLElement} word - what it stands beside
 * @param {() => Topic[]} topics - at the moment
 * @returns {HTMLButtonElement}
 */
export function helpButton(word, topics) {
  words += 1;
  word.id ||= `word-${words}`;
  const term = word.getAttribute('aria-label');
  // Named by the label of a field, it would be found as the field itself.
  const name = term
    ? { 'aria-label': t('Help: {term}', { term }) }
    : { 'aria-label': t('Help'), 'aria-describedby': word.id };
  return askingButton(html('button', { type: 'button', class: 'help-button', ...name }, '?'), topics);
}

/**
 * Let a word explain itself when it is pressed.
 *
 * @template {HTMLElement} T
 * @param {T} word
 * @param {() => Topic[]} topics - at the moment
 * @returns {HTMLElement} takes its place
 */
export function explained(word, topics) {
  const button = askingButton(html('button', { type: 'button', class: 'term-button' }), topics);
  const name = () => button.setAttribute('aria-label', t('Help: {term}', { term: textOf(word) }));
  new MutationObserver(name).observe(word, { childList: true, characterData: true, subtree: true });
  name();
  const place = html('div', { class: 'term' });
  word.replaceWith(place);
  place.append(word, button);
  return place;
}

/** @param {HTMLElement} word - a picture has a title instead */
function textOf({ textContent, title }) {
  return /\p{L}/u.test(textContent ?? '') ? (textContent ?? '').trim() : title;
}

/**
 * @param {HTMLButtonElement} button
 * @param {() => Topic[]} topics
 */
function askingButton(button, topics) {
  button.addEventListener('click', () => {
    button.dispatchEvent(new CustomEvent('help', { bubbles: true, detail: topics() }));
  });
  return button;
}
