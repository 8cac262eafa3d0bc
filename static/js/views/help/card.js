/**
 * The card that explains things, in the words of the help book.
 */
import { html } from '../../lib/element.js';
import { styleSheet } from '../../lib/style-sheet.js';
import { language, t } from '../../lib/words.js';

/** @import {HelpBook} from '../../protocol.js' */
/** @import {Topic} from '../../lib/help.js' */

/**
 * @typedef {Object} HelpCard
 * @property {(button: HTMLButtonElement, topics: Topic[]) => void} open - beside the button, or close it if it was
 *   there; without topics all terms are offered
 */

const GAP = 6;
const MARGIN = 8;

/**
 * @returns {Promise<HelpCard>} rejected if the help book cannot be fetched
 */
export async function createHelpCard() {
  const [response] = await Promise.all([fetch(`help.json?lang=${language}`), styleSheet('help-card')]);
  if (!response.ok) throw new Error(`help.json: ${response.status}`);
  const { explanations } = /** @type {HelpBook} */ (await response.json());

  const card = html('div', { class: 'help-card', popover: 'auto', role: 'dialog', tabindex: -1 });
  /** @type {HTMLButtonElement | null} */
  let anchor = null;
  /** @type {HTMLButtonElement | null} the button pressed while its card was open; the press itself closes the card */
  let pressed = null;
  let hadFocus = false;
  /** @type {Topic[][]} what was shown before, the last one last */
  let trail = [];
  const isOpen = () => card.matches(':popover-open');

  document.addEventListener(
    'pointerdown',
    ({ target }) => {
      pressed = isOpen() && target instanceof Node && anchor?.contains(target) ? anchor : null;
    },
    true,
  );
  card.addEventListener('beforetoggle', (event) => {
    if (/** @type {ToggleEvent} */ (event).newState === 'closed') {
      hadFocus = card.contains(document.activeElement);
    }
  });
  card.addEventListener('toggle', () => {
    if (isOpen() || !hadFocus) return;
    // A browser returns the focus by itself, but not to what is in another card.
    const { activeElement: now, body } = document;
    if (now === body || card.contains(now)) anchor?.focus();
  });
  card.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') event.stopPropagation(); // what is open below it stays
  });

  /** @param {Topic[]} topics */
  function show(topics) {
    if (topics.length === 0) {
      showIndex();
      return;
    }
    /** @type {Set<string>} */
    const told = new Set(); // symbols, once for all sections
    const known = topics.map(({ key = '', title, text }) => {
      const explanation = explanations[key];
      const symbols = explanation?.symbols?.filter((symbol) => !told.has(symbol.join()));
      symbols?.forEach((symbol) => told.add(symbol.join()));
      return {
        ...explanation,
        label: title ?? explanation?.label ?? '',
        text: text ?? explanation?.text ?? '',
        symbols,
      };
    });
    card.setAttribute('aria-label', t('Help: {term}', { term: known[0]?.label ?? '' }));
    card.replaceChildren(
      ...known.flatMap((explanation) => section(explanation)),
      seeAlso(topics, [...new Set(known.flatMap(({ see }) => see ?? []))]),
    );
    card.scrollTop = 0;
  }

  /**
   * @param {Topic[]} topics - what is shown
   * @param {string[]} keys
   */
  function seeAlso(topics, keys) {
    const shown = new Set(topics.map(({ key }) => key));
    const links = keys
      .filter((key) => explanations[key] && !shown.has(key))
      .map((key) => {
        const link = html('button', { type: 'button', class: 'help-link' }, explanations[key].label);
        link.addEventListener('click', () => {
          trail.push(topics);
          turnTo([{ key }]);
        });
        return link;
      });
    const before = trail.at(-1);
    const back = html('button', { type: 'button', class: 'help-link help-turn' }, t('Back'));
    back.addEventListener('click', () => {
      trail.pop();
      if (before) turnTo(before);
    });
    const index = html('button', { type: 'button', class: 'help-link help-turn' }, t('All terms'));
    index.addEventListener('click', () => {
      trail.push(topics);
      turnTo([]);
    });
    return html(
      'div',
      { class: 'help-see' },
      before ? back : null,
      ...links,
      topics.length > 0 ? index : null,
    );
  }

  /** Offer all that is explained but for the many choices, each of which is to be found at its setting. */
  function showIndex() {
    const title = t('All terms');
    const keys = Object.keys(explanations).filter((key) => !key.includes('/'));
    keys.sort((a, b) => explanations[a].label.localeCompare(explanations[b].label, language));
    card.setAttribute('aria-label', t('Help: {term}', { term: title }));
    card.replaceChildren(html('strong', { class: 'help-title' }, title), seeAlso([], keys));
  }

  /** @param {Topic[]} topics */
  function turnTo(topics) {
    show(topics);
    if (anchor) place(card, anchor);
    card.focus();
  }

  return {
    open(button, topics) {
      const again = pressed === button || (isOpen() && anchor === button);
      pressed = null;
      if (isOpen()) card.hidePopover();
      if (again || !button.isConnected) return;
      anchor = button;
      trail = [];
      button.after(card);
      show(topics);
      card.showPopover();
      place(card, button);
      card.focus();
    },
  };
}

/**
 * @param {{label: string, text: string, formula?: string, symbols?: [string, string][], source?: string}} explanation
 * @returns {HTMLElement[]}
 */
function section({ label, text, formula, symbols = [], source }) {
  return [
    html('strong', { class: 'help-title' }, label),
    html('p', {}, text),
    ...(formula
      ? [
          html(
            'div',
            { class: 'help-formula', translate: 'no' },
            ...formula.split('\n').map((line) => html('div', {}, line)),
          ),
        ]
      : []),
    ...(symbols.length > 0
      ? [
          html(
            'dl',
            { class: 'help-symbols' },
            ...symbols.flatMap(([symbol, meaning]) => [html('dt', {}, symbol), html('dd', {}, meaning)]),
          ),
        ]
      : []),
    ...(source ? [html('p', { class: 'help-source' }, t('Source: {source}', { source }))] : []),
  ];
}

/**
 * Below the button, else above it, within the window.
 *
 * @param {HTMLElement} card
 * @param {HTMLElement} button
 */
function place(card, button) {
  const { left, top, bottom } = button.getBoundingClientRect();
  const { width, height } = card.getBoundingClientRect();
  const lowest = window.innerHeight - MARGIN - height;
  const below = bottom + GAP;
  const y = below <= lowest ? below : top - GAP - height;
  card.style.left = `${Math.max(MARGIN, Math.min(left, window.innerWidth - width - MARGIN))}px`;
  card.style.top = `${Math.max(MARGIN, Math.min(y, Math.max(lowest, MARGIN)))}px`;
}
