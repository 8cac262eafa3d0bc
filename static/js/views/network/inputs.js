/**
 * What the network is fed: inputs are switched on and off, one by one or all at once.
 */
import { part } from '../../lib/element.js';
import { isHidden } from '../../lib/hiding.js';
import { t } from '../../lib/words.js';

/** @import {Choices} from '../../catalogue.js' */
/** @import {Experiment, Input} from '../../protocol.js' */
/** @import {Actions} from '../../view.js' */

/** From so many measurements on, all or one can be chosen at once. */
const MANY = 5;

/**
 * @typedef {Object} Inputs
 * @property {(input: Input) => void} toggle - a feature or a measurement
 * @property {(input: Input) => string} help
 * @property {(experiment: Experiment, offered: Input[], hide: string) => void} update - hidden ones stay as they are
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
  /** @type {Experiment | null} */
  let experiment = null;
  /** @type {number[]} */
  let columns = [];
  let hidden = '';

  /**
   * @template T
   * @param {'features' | 'columns'} setting
   * @param {T[]} fed - of this kind, at present: the setting may name what these data do not have
   * @returns {T[] | null} what is to be fed, as last asked for
   */
  function latest(setting, fed) {
    const wish = /** @type {T[] | null} */ (actions.latest(setting));
    return wish === experiment?.config[setting] ? fed : wish;
  }

  all.addEventListener('click', () => void actions.change({ columns: null }));
  first.addEventListener('click', () => {
    const formulas = /** @type {string[]} */ (actions.latest('formulas'));
    // A network needs an input: the first measurement, unless there is a formula.
    void actions.change({ columns: formulas.length > 0 ? [] : [0] });
  });

  return {
    toggle({ kind, name }) {
      if (isHidden(hidden, `input.${name}`)) return;
      const fed = experiment?.inputs.filter((input) => input.kind === kind).map((input) => input.name) ?? [];
      if (kind === 'feature') {
        void actions.change({ features: toggled(latest('features', fed) ?? [], name) });
      } else {
        void actions.change({
          columns: toggled(latest('columns', fed.map(Number)) ?? columns, Number(name)),
        });
      }
    },
    help({ kind, name }) {
      if (kind === 'formula') return t('{formula}: click to change or remove it', { formula: name });
      return (kind === 'feature' && choices.entry(features, name)?.help) || '';
    },
    update(newExperiment, offered, hide) {
      experiment = newExperiment;
      hidden = hide;
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
