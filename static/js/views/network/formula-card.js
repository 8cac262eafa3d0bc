/**
 * An input that is computed as somebody types it.
 */
import { html, setText } from '../../lib/element.js';
import { t } from '../../lib/words.js';

/** @import {PlaneData} from '../../store.js' */
/** @import {Context} from '../../view.js' */
/** @import {Content} from './cards.js' */

/** More measurements are not listed one by one. */
const MOST_LISTED = 6;

/**
 * @param {string | null} formula - the one to change, or null for another
 * @param {Context} context
 * @param {() => void} close
 * @returns {Content}
 */
export function formulaContent(formula, { choices, actions }, close) {
  const setting = choices.setting('formulas');
  const error = html('p', { id: 'formula-error', class: 'field-error', role: 'alert', hidden: true });
  const help = html('p', { id: 'formula-help', class: 'card-help' });
  const input = html('input', {
    id: 'formula-input',
    class: 'field-text',
    type: 'text',
    value: formula ?? '',
    placeholder: 'sin(x1 * x2)',
    autocomplete: 'off',
    autocapitalize: 'none',
    spellcheck: 'false',
    'aria-describedby': `${error.id} ${help.id}`,
  });
  const label = html('label', { class: 'card-heading', for: input.id }, t('Input formula'));
  const submit = html('button', { class: 'text-button' }, formula === null ? t('Add') : t('Change'));
  const remove = html('button', { type: 'button', class: 'text-button' }, t('Remove'));
  const buttons = html('div', { class: 'card-buttons' }, submit, formula === null ? null : remove);
  const functions = html('div', { class: 'card-functions', role: 'group', 'aria-label': t('Functions') });
  const form = html('form', { class: 'card-form' }, label, input, error, buttons, help, functions);

  const latest = () => /** @type {string[]} */ (actions.latest(setting.name) ?? []);

  /** @param {string[]} formulas */
  async function ask(formulas) {
    const { refusal } = await actions.change({ [setting.name]: formulas });
    if (refusal) say(refusal.message);
    else close();
  }

  /** @param {string} sentence */
  function say(sentence) {
    error.hidden = !sentence;
    setText(error, sentence);
    if (sentence) input.setAttribute('aria-invalid', 'true');
    else input.removeAttribute('aria-invalid');
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const text = input.value;
    void ask(formula === null ? [...latest(), text] : latest().map((old) => (old === formula ? text : old)));
  });
  remove.addEventListener('click', () => void ask(latest().filter((old) => old !== formula)));
  input.addEventListener('input', () => say(''));

  for (const { name, label: written, help: meaning } of choices.entries('function')) {
    const button = html('button', { type: 'button', class: 'card-function', title: meaning }, name);
    if (written !== name) button.setAttribute('aria-label', `${name}: ${written}`);
    button.addEventListener('click', () => {
      const { selectionStart: start, selectionEnd: end, value } = input;
      const chosen = value.slice(start ?? 0, end ?? 0);
      input.setRangeText(`${name}(${chosen})`, start ?? 0, end ?? 0, 'end');
      const caret = (input.selectionStart ?? 0) - 1;
      input.focus();
      input.setSelectionRange(caret, caret);
      say('');
    });
    functions.append(button);
  }

  return {
    name: formula === null ? t('Another input') : t('Change an input'),
    nodes: [form],
    update({ experiment }, { data }) {
      setText(
        help,
        t('Made of {measurements}, numbers, pi, e, + − * / ^, parentheses and these functions:', {
          measurements: measurements(data),
        }),
      );
      const formulas = /** @type {string[]} */ (experiment.config[setting.name]);
      return formula === null || formulas.includes(formula);
    },
    focus: () => input.select(),
  };
}

/**
 * @param {PlaneData | null} data
 * @returns {string} what the measurements are called in a formula
 */
function measurements(data) {
  const columns = data?.columns ?? [];
  if (columns.length === 1) return 'x1';
  if (columns.length <= 2) return t('x1 and x2');
  const listed = columns.slice(0, MOST_LISTED).map((name, at) => `x${at + 1} (${name})`);
  const more = columns.length > MOST_LISTED ? ` … x${columns.length}` : '';
  return `${listed.join(', ')}${more}`;
}
