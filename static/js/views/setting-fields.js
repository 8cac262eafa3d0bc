/**
 * Fields of an experiment's settings, built from the catalogue.
 */
import { html } from '../lib/element.js';
import { createField } from './field.js';

/** @import {ParameterDescription, SettingDescription} from '../protocol.js' */
/** @import {Context} from '../view.js' */
/** @import {PageState} from '../store.js' */
/** @import {Field, Option} from './field.js' */

/** @typedef {{value: unknown, reason: string}} Given - a value that the data set itself determines, and why */

/**
 * @typedef {Object} SettingFields
 * @property {(setting: SettingDescription) => HTMLElement} add - returns the field of a setting
 * @property {(state: PageState, given?: Record<string, Given>) => void} update - `given` has what cannot be chosen now
 */

/**
 * @param {Context} context
 * @returns {SettingFields}
 */
export function createSettingFields({ choices, actions }) {
  /** @type {Map<string, Field>} */
  const fields = new Map();
  let problem = '';

  /**
   * @param {SettingDescription} setting
   * @returns {(() => Option[]) | undefined}
   */
  function optionsOf(setting) {
    if (setting.kind !== 'choice') return undefined;
    const entries = choices
      .entries(setting.registry ?? '')
      .filter(({ name }) => setting.options?.includes(name));
    return () => [
      ...(setting.automatic ? [{ value: null, label: setting.automatic }] : []),
      ...entries
        .filter(({ problems }) => !problems?.length || problems.includes(problem))
        .map(({ name, label, help }) => ({ value: name, label, help })),
    ];
  }

  return {
    add(setting) {
      const { name, label, help, starts_over: startsOver } = setting;
      const spec = {
        name,
        label,
        help,
        startsOver,
        parameter: setting.number ?? undefined,
        options: optionsOf(setting),
      };
      const field = createField(spec, (value) => actions.change({ [name]: value }));
      fields.set(name, field);
      return field.element;
    },
    update({ experiment, refusals }, given = {}) {
      if (!experiment) return;
      problem = experiment.problem;
      for (const [name, field] of fields) {
        const value = given[name] ? given[name].value : experiment.config[name];
        field.update({ value, refusal: refusals[name], disabled: given[name]?.reason });
      }
    },
  };
}

/**
 * Return the fields of the chosen component's own parameters, such as an optimizer's momentum.
 *
 * @param {Context} context
 * @returns {{element: HTMLElement, count: () => number, update: (state: PageState) => void}}
 */
export function optionFields({ choices, actions }) {
  const setting = choices.settings.find(({ kind }) => kind === 'options');
  const element = html('div', { class: 'settings-options' });
  let chosen = '';
  /** @type {Map<string, {field: Field, parameter: ParameterDescription}>} */
  let fields = new Map();

  /** @param {ParameterDescription} parameter */
  function build(parameter) {
    const { name, label, help } = parameter;
    const field = createField({ name, label, help, parameter }, (value) => {
      const all = setting?.name ?? '';
      return actions.change({ [all]: { .../** @type {object} */ (actions.latest(all)), [name]: value } });
    });
    return { field, parameter };
  }

  return {
    element,
    count: () => fields.size,
    update({ experiment, refusals }) {
      if (!experiment || !setting) return;
      const given = /** @type {Record<string, unknown>} */ (experiment.config[setting.name]);
      const component = String(experiment.config[setting.of ?? '']);
      if (component !== chosen) {
        chosen = component;
        const parameters = choices.entry(setting.registry ?? '', component)?.parameters ?? [];
        const own = parameters.filter(({ name }) => !setting.elsewhere?.includes(name));
        fields = new Map(own.map((parameter) => [parameter.name, build(parameter)]));
        element.replaceChildren(...[...fields.values()].map(({ field }) => field.element));
      }
      for (const [name, { field, parameter }] of fields) {
        field.update({ value: given[name] ?? parameter.default, refusal: refusals[name] });
      }
    },
  };
}
