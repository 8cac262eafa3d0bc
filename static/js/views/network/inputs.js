/**
 * What the network is fed: inputs are switched on and off, one by one or all at once.
 */
import { part } from '../../lib/element.js';

/** @import {Choices} from '../../catalogue.js' */
/** @import {Input} from '../../protocol.js' */
/** @import {Actions} from '../../view.js' */

/** From so many measurements on, all or one can be chosen at once. */
const MANY = 5;

/**
 * @typedef {Object} Inputs
 * @property {(input: Input) => void} toggle - a feature or a measurement
 * @property {(input: Input) => string} help
 * @property {(offered: Input[]) => void} update
 */

/**
 * @param {HTMLElement} root
 * @param {Choices} choices
 * @param {Actions} actions
 * @returns {Inputs}
 */
export function createInputs(root, choices, actions) {
  const all = part(root, '.all-inputs', HTMLButtonElement);
  const first = part(root, '.first-input', HTMLButtonElement);
  const features = choices.setting('features').registry ?? '';
  /** @type {number[]} */
  let columns = [];

  all.addEventListener('click', () => void actions.change({ columns: null }));
  first.addEventListener('click', () => {
    const formulas = /** @type {string[]} */ (actions.latest('formulas'));
    // A network needs an input: the first measurement, unless there is a formula.
    void actions.change({ columns: formulas.length > 0 ? [] : [0] });
  });

  return {
    toggle({ kind, name }) {
      if (kind === 'feature') {
        const fed = /** @type {string[]} */ (actions.latest('features') ?? []);
        void actions.change({ features: toggled(fed, name) });
      } else {
        const fed = /** @type {number[] | null} */ (actions.latest('columns')) ?? columns;
        void actions.change({ columns: toggled(fed, Number(name)) });
      }
    },
    help({ kind, name }) {
      if (kind === 'formula') return `${name}: click to change or remove it`;
      return (kind === 'feature' && choices.entry(features, name)?.help) || '';
    },
    update(offered) {
      columns = offered.filter(({ kind }) => kind === 'column').map(({ name }) => Number(name));
      all.hidden = first.hidden = columns.length < MANY;
    },
  };
}

/**
 * @template T
 * @param {T[]} list
 * @param {T} item
 * @returns {T[]} without the item if it was in the list, and with it if it was not
 */
function toggled(list, item) {
  return list.includes(item) ? list.filter((other) => other !== item) : [...list, item];
}
