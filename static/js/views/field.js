/**
 * One setting's field: label, control, help on demand, and the sentence that says why a value was refused.
 */
import { chosen, percent } from '../lib/format.js';
import { html, setText } from '../lib/element.js';

/** @import {ParameterDescription} from '../protocol.js' */

/**
 * @typedef {Object} FieldSpec
 * @property {string} name - of the setting; refusals come under it
 * @property {string} label
 * @property {string} help
 * @property {ParameterDescription} [parameter] - for a number
 * @property {() => Option[]} [options] - for a choice
 * @property {string} [automatic] - what an empty number stands for, if it may be left empty
 * @property {boolean} [startsOver] - whether a change begins training anew
 */

/** @typedef {{value: unknown, label: string, help?: string}} Option */

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

const ANEW = 'A change begins training anew.';

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
  const help = helpButton(() => explain(spec, control.read()));
  const head = html(
    'div',
    { class: 'field-head' },
    html('label', { class: 'field-label', for: id }, spec.label),
    spec.startsOver ? html('span', { class: 'field-anew', 'aria-hidden': 'true', title: ANEW }, '↺') : null,
    help,
    value,
  );
  const element = html(
    'div',
    { class: 'field', 'data-kind': control.kind },
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
  // No min and max: the server knows the range, and its sentence says more than a browser's bubble.
  const step = parameter.integer ? parameter.step : 'any';
  const input = html('input', { id, type: 'number', class: 'field-number', step, inputmode: 'decimal' });
  return {
    element: input,
    kind: 'number',
    event: 'change',
    read: () => (Number.isNaN(input.valueAsNumber) ? undefined : input.valueAsNumber),
    write(value) {
      const text = String(value);
      if (input.value !== text) input.value = text;
    },
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
    read: () => (element.value === '' && !element.validity.badInput ? null : control.read()),
    write: (value) => control.write(value ?? ''),
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
  const empty = automatic && !options ? ` Empty means ${automatic.toLowerCase()}.` : '';
  return `${help}${empty}${startsOver ? ` ${ANEW}` : ''}`;
}

/**
 * @param {FieldSpec} spec
 * @param {unknown} value
 * @returns {[title: string, text: string][]}
 */
function explain(spec, value) {
  /** @type {[string, string][]} */
  const sections = [[spec.label, helpText(spec)]];
  const option = spec.options?.().find((offered) => offered.value === value);
  if (option?.help) sections.push([option.label, option.help]);
  return sections;
}

/**
 * Return a quiet button that opens a card of help.
 *
 * @param {() => [title: string, text: string][]} sections
 * @returns {HTMLElement}
 */
function helpButton(sections) {
  const card = html('div', { class: 'help-card', popover: 'auto' });
  const button = html('button', { type: 'button', class: 'help-button', 'aria-label': 'Help' }, '?');
  button.addEventListener('click', () => {
    card.replaceChildren(
      ...sections().flatMap(([title, text]) => [html('strong', {}, title), html('p', {}, text)]),
    );
    button.after(card);
    card.togglePopover();
    const { left, bottom, top } = button.getBoundingClientRect();
    const { width, height } = card.getBoundingClientRect();
    card.style.left = `${Math.max(8, Math.min(left, window.innerWidth - width - 8))}px`;
    card.style.top = `${bottom + height + 8 > window.innerHeight ? top - height - 6 : bottom + 6}px`;
  });
  return button;
}
