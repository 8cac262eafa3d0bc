/**
 * One setting's field: label, control, help on demand, and the sentence that says why a value was refused.
 */
import { chosen, percent } from '../lib/format.js';
import { html, setText } from '../lib/element.js';
import { helpButton } from '../lib/help.js';
import { createNumberInput } from '../lib/number-input.js';
import { t } from '../lib/words.js';

/** @import {Topic} from '../lib/help.js' */
/** @import {ParameterDescription} from '../protocol.js' */

/**
 * @typedef {Object} FieldSpec
 * @property {string} name - of the setting; refusals come under it
 * @property {string} label
 * @property {string} help
 * @property {string} [key] - of its explanation in the help book
 * @property {string} [registry] - for a choice of components: the kind of component
 * @property {string} [component] - for an option of a component: the key of the component's explanation
 * @property {ParameterDescription} [parameter] - for a number
 * @property {boolean} [text] - whether it is a short text
 * @property {() => Option[]} [options] - for a choice
 * @property {string} [automatic] - what an empty number stands for, if it may be left empty
 * @property {string} [control] - by which a link hides it
 * @property {boolean} [startsOver] - whether a change begins training anew
 */

/** @typedef {{value: unknown, label: string}} Option */

/**
 * @typedef {Object} FieldState
 * @property {unknown} value
 * @property {string} [refusal]
 * @property {string} [disabled] - why it cannot be changed now, or ""
 */

/**
 * @typedef {Object} Field
 * @property {HTMLElement} element
 * @property {(state: FieldState) => void} update
 * @property {(text: string) => void} tell - a few words beside the label
 */

/** More steps than this are too fine for a slider. */
const SLIDER_STEPS = 250;

let fields = 0;

/**
 * @param {FieldSpec} spec
 * @param {(value: unknown) => Promise<unknown>} onChange - settles when the server has answered
 * @returns {Field}
 */
export function createField(spec, onChange) {
  fields += 1;
  const id = `field-${fields}`;
  const control = createControl(spec, id);
  const value = html('span', { class: 'field-value', 'aria-hidden': 'true' });
  const note = html('span', { id: `${id}-note`, class: 'visually-hidden' }, helpText(spec));
  const error = html('p', { id: `${id}-error`, class: 'field-error', role: 'alert', hidden: true });
  const label = html('label', { class: 'field-label', for: id }, spec.label);
  const anew = { class: 'field-anew', 'aria-hidden': 'true', title: t('A change begins training anew.') };
  const head = html(
    'div',
    { class: 'field-head' },
    label,
    spec.startsOver ? html('span', anew, '↺') : null,
    helpButton(label, () => topicsOf(spec, control.read())),
    value,
  );
  const element = html(
    'div',
    { class: 'field', 'data-kind': control.kind, 'data-control': spec.control },
    head,
    control.element,
    note,
    error,
  );
  control.element.setAttribute('aria-describedby', note.id);

  // While the server thinks, the control shows what was asked for; only the newest wish waits in line.
  let asking = false;
  /** @type {{value: unknown} | null} */
  let next = null;
  /** @type {FieldState} */
  let state = { value: undefined };

  /** @param {unknown} wish */
  async function ask(wish) {
    if (asking) {
      next = { value: wish };
      return;
    }
    asking = true;
    await onChange(wish);
    asking = false;
    if (next) {
      const later = next.value;
      next = null;
      void ask(later);
    } else {
      // What the answer has changed is drawn with the next picture of the screen; until then the wish stands.
      requestAnimationFrame(show);
    }
  }
  control.element.addEventListener(control.event, () => {
    const wish = control.read();
    if (control.describe) setText(value, control.describe(wish));
    if (wish === undefined) show();
    else void ask(wish);
  });

  function show() {
    if (!asking) {
      control.write(state.value);
      if (control.describe) setText(value, control.describe(state.value));
    }
    const { refusal = '', disabled = '' } = state;
    error.hidden = !refusal;
    setText(error, refusal);
    control.element.toggleAttribute('disabled', Boolean(disabled));
    setText(note, disabled || helpText(spec));
    element.title = disabled;
    if (refusal) control.element.setAttribute('aria-invalid', 'true');
    else control.element.removeAttribute('aria-invalid');
    control.element.setAttribute('aria-describedby', refusal ? `${error.id} ${note.id}` : note.id);
  }

  return {
    element,
    update(newState) {
      state = newState;
      show();
    },
    tell: (text) => setText(value, text),
  };
}

/**
 * @typedef {Object} Control
 * @property {HTMLInputElement | HTMLSelectElement} element
 * @property {string} kind
 * @property {'input' | 'change'} event
 * @property {() => unknown} read - undefined if there is nothing to send
 * @property {(value: unknown) => void} write
 * @property {(value: unknown) => string} [describe] - the value beside the label, where the control does not show it
 */

/**
 * @param {FieldSpec} spec
 * @param {string} id
 * @returns {Control}
 */
function createControl(spec, id) {
  const { parameter } = spec;
  if (spec.options) return createSelect(id, spec.options);
  if (spec.text) return createText(id, spec.automatic ?? '');
  if (!parameter) return createSwitch(id, Boolean);
  const { integer, minimum, maximum } = parameter;
  if (integer && minimum === 0 && maximum === 1) return createSwitch(id, Number);
  if (parameter.choices.length > 0) {
    return createSelect(id, () =>
      parameter.choices.map((value) => ({ value, label: written(value, parameter) })),
    );
  }
  const steps = (maximum - minimum) / parameter.step;
  if (spec.automatic) return createOptionalNumber(id, parameter, spec.automatic);
  return steps <= SLIDER_STEPS ? createSlider(id, parameter) : createNumber(id, parameter);
}

/**
 * @param {string} id
 * @param {() => Option[]} options
 * @returns {Control}
 */
function createSelect(id, options) {
  const select = html('select', { id, class: 'field-select' });
  /** @type {Option[]} */
  let shown = [];
  return {
    element: select,
    kind: 'select',
    event: 'change',
    read: () => shown[select.selectedIndex]?.value,
    write(value) {
      const offered = options();
      if (!offered.some((option) => option.value === value)) {
        // A link may hold any value in the range, not only those on offer.
        offered.push({ value, label: typeof value === 'number' ? chosen(value) : String(value) });
        if (offered.every((option) => typeof option.value === 'number')) {
          offered.sort((a, b) => Number(a.value) - Number(b.value));
        }
      }
      if (offered.length !== shown.length || offered.some((option, at) => option.label !== shown[at].label)) {
        select.replaceChildren(...offered.map((option) => html('option', {}, option.label)));
      }
      shown = offered;
      const index = shown.findIndex((option) => option.value === value);
      if (select.selectedIndex !== index) select.selectedIndex = index;
    },
  };
}

/**
 * @param {string} id
 * @param {(checked: boolean) => unknown} valueOf - what is sent for it
 * @returns {Control}
 */
function createSwitch(id, valueOf) {
  const box = html('input', { id, type: 'checkbox', class: 'field-switch' });
  return {
    element: box,
    kind: 'switch',
    event: 'change',
    read: () => valueOf(box.checked),
    write(value) {
      box.checked = Boolean(value);
    },
  };
}

/**
 * @param {string} id
 * @param {ParameterDescription} parameter
 * @returns {Control}
 */
function createSlider(id, parameter) {
  const { minimum: min, maximum: max, step } = parameter;
  const slider = html('input', { id, type: 'range', class: 'field-slider', min, max, step });
  const show = () => {
    slider.setAttribute('aria-valuetext', written(slider.valueAsNumber, parameter));
    slider.style.setProperty('--share', String((slider.valueAsNumber - min) / (max - min)));
  };
  slider.addEventListener('input', show);
  return {
    element: slider,
    kind: 'slider',
    event: 'input',
    read: () => slider.valueAsNumber,
    write(value) {
      const text = String(value);
      if (slider.value !== text) slider.value = text;
      show();
    },
    describe: (value) => (typeof value === 'number' ? written(value, parameter) : ''),
  };
}

/**
 * @param {string} id
 * @param {ParameterDescription} parameter
 * @returns {Control}
 */
function createNumber(id, parameter) {
  // No minimum and maximum: the server knows the range, and its sentence says more than a browser's bubble.
  const { element, read, write } = createNumberInput(parameter.step, { id });
  return {
    element,
    kind: 'number',
    event: 'change',
    read: () => (Number.isNaN(read()) ? undefined : read()),
    write: (value) => write(typeof value === 'number' ? value : null),
    describe: () => parameter.unit,
  };
}

/**
 * A number that may be left empty.
 *
 * @param {string} id
 * @param {ParameterDescription} parameter
 * @param {string} automatic - what it says while it is empty
 * @returns {Control}
 */
function createOptionalNumber(id, parameter, automatic) {
  const { element, ...control } = createNumber(id, parameter);
  element.setAttribute('placeholder', automatic);
  return {
    ...control,
    element,
    read: () => (/** @type {HTMLInputElement} */ (element).value.trim() === '' ? null : control.read()),
  };
}

/**
 * A short text that may be left empty.
 *
 * @param {string} id
 * @param {string} automatic - what it says while it is empty
 * @returns {Control}
 */
function createText(id, automatic) {
  const input = html('input', { id, type: 'text', class: 'field-number', placeholder: automatic });
  return {
    element: input,
    kind: 'text',
    event: 'change',
    read: () => input.value || null,
    write(value) {
      const text = String(value ?? '');
      if (input.value !== text) input.value = text;
    },
  };
}

/**
 * @param {number} value
 * @param {ParameterDescription} parameter
 * @returns {string}
 */
function written(value, { unit }) {
  if (unit === '%') return percent(value, 0);
  return unit ? `${chosen(value)} ${unit}` : chosen(value);
}

/** @param {FieldSpec} spec */
function helpText({ help, automatic, startsOver, options }) {
  const empty = automatic && !options ? t('Empty means: {automatic}.', { automatic }) : '';
  return [help, empty, startsOver ? t('A change begins training anew.') : ''].filter(Boolean).join(' ');
}

/**
 * @param {FieldSpec} spec
 * @param {unknown} value
 * @returns {Topic[]}
 */
function topicsOf(spec, value) {
  const { key, label, registry, component } = spec;
  /** @type {Topic[]} */
  const topics = [{ key, title: label, text: helpText(spec) }];
  if (registry && value) topics.push({ key: `${registry}/${value}` });
  if (component) topics.push({ key: component });
  return topics;
}
