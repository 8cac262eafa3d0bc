/**
 * The card from which a set-up is sent: as a link, with or without trained weights, with controls hidden, or as a
 * part of another page.
 */
import { html, setText } from '../../lib/element.js';
import { controlGroups } from '../../lib/controls.js';
import { whole } from '../../lib/format.js';
import { joinHash } from '../../lib/link.js';
import { styleSheet } from '../../lib/style-sheet.js';
import { language, t } from '../../lib/words.js';

/** @import {View, Context} from '../../view.js' */
/** @import {PageState} from '../../store.js' */

/** Of the frame in another page, CSS pixels. */
const FRAME = { width: 700, height: 450 };

const CONFIRMED_MS = 1600;

let fields = 0;

/**
 * @param {HTMLButtonElement} button - which opens and closes the card
 * @param {Context} context
 * @param {(text: string) => Promise<boolean>} copyText
 * @returns {Promise<Pick<View, 'update'> & {open: () => void}>}
 */
export async function createShareCard(button, { choices, actions }, copyText) {
  /** @type {PageState | null} */
  let state = null;
  /** @type {Set<string>} names of the controls that the link is to hide */
  let hidden = new Set();
  let trained = ''; // the experiment's link with the weights, once it is known
  let asked = 0;
  let offered = '';

  const link = createCopyField(
    t('Link'),
    html('input', { type: 'text', readonly: true }),
    t('Copy link'),
    copyText,
  );
  const code = createCopyField(
    t('HTML of the frame'),
    html('textarea', { readonly: true, rows: 4 }),
    t('Copy HTML'),
    copyText,
  );
  const withWeights = html('input', { type: 'checkbox' });
  const length = html('p', { class: 'share-note', 'aria-live': 'polite' });
  const lacks = html('p', { class: 'share-note' });
  const count = html('span', { class: 'share-count' });
  const controls = html('div', { class: 'share-controls' });
  const all = html('button', { type: 'button', class: 'text-button' }, t('Show all'));
  const card = html(
    'div',
    { class: 'share-card', popover: 'auto', role: 'dialog', 'aria-label': t('Share') },
    link.element,
    html('label', { class: 'check' }, withWeights, t('With the trained weights')),
    length,
    lacks,
    fold(
      t('Hide controls'),
      count,
      html('p', { class: 'share-note' }, t('The link opens the page without what is ticked here.')),
      controls,
      all,
    ),
    fold(
      t('Embed in a page'),
      null,
      code.element,
      html(
        'p',
        { class: 'share-note' },
        t(
          'The server allows this to pages that it was started for: {option}, with the address of the site.',
          {
            option: 'playground --allow-embedding',
          },
        ),
      ),
    ),
    languageMenu(),
  );
  await styleSheet('share');
  button.after(card);
  button.popoverTargetElement = card;

  card.addEventListener('toggle', (event) => {
    if (/** @type {ToggleEvent} */ (event).newState !== 'open' || !state) return;
    hidden = new Set(state.hide.split(',').filter(Boolean));
    buildControls();
    void askWeights();
    show();
    link.focus();
  });
  withWeights.addEventListener('change', () => void askWeights());
  all.addEventListener('click', () => {
    hidden.clear();
    for (const box of controls.querySelectorAll('input')) box.checked = false;
    show();
  });

  function buildControls() {
    const groups = controlGroups(choices, state?.data?.offered ?? []);
    const key = JSON.stringify([groups, [...hidden]]);
    if (key === offered) return;
    offered = key;
    controls.replaceChildren(
      ...groups.map(({ label, controls: some }) =>
        html(
          'fieldset',
          { class: 'share-group' },
          html('legend', {}, label),
          ...some.map(({ name, label: text }) => html('label', { class: 'check' }, box(name), text)),
        ),
      ),
    );
  }

  /** @param {string} name - of a control */
  function box(name) {
    const input = html('input', { type: 'checkbox', checked: hidden.has(name) });
    input.addEventListener('change', () => {
      if (input.checked) hidden.add(name);
      else hidden.delete(name);
      show();
    });
    return input;
  }

  /** Ask for the link with the weights as they are now. */
  async function askWeights() {
    asked += 1;
    const number = asked;
    trained = '';
    setText(length, '');
    if (!withWeights.checked) {
      show();
      return;
    }
    const answer = await actions.command({ type: 'share' });
    if (number !== asked) return;
    if (answer.refusal) {
      withWeights.checked = false;
      actions.show({ refusals: {} }); // it is said here
      setText(length, answer.refusal.message);
    } else {
      trained = answer.link ?? '';
      show();
      setText(length, t('The link has {length} characters.', { length: whole(link.text().length) }));
    }
  }

  /** @param {Partial<PageState>} [other] - what the link says otherwise than the page does */
  function urlWith(other) {
    const page = { .../** @type {PageState} */ (state), hide: [...hidden].join(','), ...other };
    const hash = joinHash(trained || (state?.experiment?.link ?? ''), page);
    return `${location.origin}${location.pathname}${location.search}${hash && `#${hash}`}`;
  }

  function show() {
    link.show(urlWith({}));
    setText(lacks, state?.experiment?.link_lacks ?? '');
    const frame = html('iframe', { src: urlWith({ embed: true }), ...FRAME, title: t('Neural Playground') });
    code.show(frame.outerHTML);
    setText(count, hidden.size ? t('{n} hidden', { n: hidden.size }) : '');
  }

  return {
    open: () => card.showPopover(),
    update(newState) {
      const old = state;
      state = newState;
      if (!card.matches(':popover-open')) return;
      const changed = old?.experiment !== state.experiment || old?.run?.epoch !== state.run?.epoch;
      if (withWeights.checked && changed && !state.run?.playing) void askWeights();
      else if (old !== state) show();
    },
  };
}

/**
 * @param {string} label
 * @param {HTMLElement | null} beside
 * @param {...HTMLElement} content
 */
function fold(label, beside, ...content) {
  return html(
    'details',
    { class: 'share-fold' },
    html('summary', { class: 'fold-heading' }, label, beside),
    html('div', { class: 'share-fold-content' }, ...content),
  );
}

/**
 * A text to be copied, by its button or by hand.
 *
 * @param {string} label
 * @param {HTMLInputElement | HTMLTextAreaElement} field
 * @param {string} action
 * @param {(text: string) => Promise<boolean>} copyText
 */
function createCopyField(label, field, action, copyText) {
  fields += 1;
  field.id = `share-field-${fields}`;
  field.classList.add('share-field');
  field.spellcheck = false;
  field.addEventListener('focus', () => field.select());
  const done = html('span', { 'aria-live': 'polite' }, action);
  const button = html('button', { type: 'button', class: 'text-button share-copy' }, done);
  let timer = 0;
  button.addEventListener('click', async () => {
    const copied = await copyText(field.value);
    if (!copied) field.focus();
    setText(done, copied ? t('Copied') : t('Copy it from the field'));
    clearTimeout(timer);
    timer = window.setTimeout(() => setText(done, action), CONFIRMED_MS);
  });
  const name = html('label', { class: 'share-label-text', for: field.id }, label);
  const element = html('div', { class: 'share-copy-field' }, name, field, button);
  return {
    element,
    text: () => field.value,
    focus: () => button.focus(),
    /** @param {string} text */
    show(text) {
      if (field.value !== text) field.value = text;
    },
  };
}

/** @returns {HTMLElement | null} a menu of the languages that the page names, or null if it has but one */
function languageMenu() {
  const links = [...document.querySelectorAll('link[rel="alternate"][hreflang]')];
  const tags = links.map((each) => each.getAttribute('hreflang') ?? '');
  if (tags.length < 2) return null;
  const options = tags.map((tag) => {
    const name = new Intl.DisplayNames([tag], { type: 'language' }).of(tag) ?? tag;
    return html('option', { value: tag, lang: tag, selected: tag === language }, name);
  });
  const select = html('select', { id: 'share-language', class: 'field-select' }, ...options);
  select.addEventListener('change', () => {
    const address = new URL(location.href);
    address.searchParams.set('lang', select.value);
    location.assign(address);
  });
  return html('div', { class: 'share-language' }, html('label', { for: select.id }, t('Language')), select);
}
