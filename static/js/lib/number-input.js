/**
 * A field for a number in the page's language: a browser's own speaks the browser's, and drops a comma that its
 * language does not have, so that 0,03 becomes 3.
 */
import { html } from './element.js';
import { typable, typed } from './format.js';

/**
 * @typedef {Object} NumberInput
 * @property {HTMLInputElement} element - tells of changes as any other input; arrow keys go a step up or down
 * @property {() => number} read - NaN if there is no number
 * @property {(value: number | null) => void} write - null leaves it empty
 */

/**
 * @param {number} step - of the arrow keys
 * @param {Record<string, string>} [attributes]
 * @returns {NumberInput}
 */
export function createNumberInput(step, attributes = {}) {
  const element = html('input', {
    type: 'text',
    role: 'spinbutton',
    inputmode: 'decimal',
    autocomplete: 'off',
    class: 'field-number',
    ...attributes,
  });
  const read = () => typed(element.value);

  function describe() {
    const value = read();
    if (Number.isNaN(value)) element.removeAttribute('aria-valuenow');
    else element.setAttribute('aria-valuenow', value.toFixed(12).replace(/\.?0+$/, '')); // "1e-7" is no number there
  }

  /** @param {number | null} value */
  function write(value) {
    const text = value === null ? '' : typable(value);
    if (element.value !== text) element.value = text;
    describe();
  }

  element.addEventListener('input', describe);
  element.addEventListener('keydown', (event) => {
    const direction = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!direction || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault(); // the cursor would go to an end of the text
    write(stepped(read() || 0, step, direction));
    for (const type of ['input', 'change']) element.dispatchEvent(new Event(type, { bubbles: true }));
  });
  describe();
  return { element, read, write };
}

/**
 * Return the next multiple of a step.
 *
 * @param {number} value
 * @param {number} step
 * @param {number} direction - 1 for up, -1 for down
 * @returns {number}
 */
export function stepped(value, step, direction) {
  const ahead = (value * direction) / step;
  const next = Math.floor(Number(ahead.toPrecision(12))) + 1;
  return Number((next * step * direction).toPrecision(12)) + 0; // + 0 turns -0 into 0
}
