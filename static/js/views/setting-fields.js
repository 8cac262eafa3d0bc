/**
 * Fields of an experiment's settings, built from the catalogue.
 */
import { html, svg } from '../lib/element.js';
import { t } from '../lib/words.js';
import { createField } from './field.js';

/** @import {ParameterDescription, SettingDescription} from '../protocol.js' */
/** @import {Actions, Context} from '../view.js' */
/** @import {PageState} from '../store.js' */
/** @import {Field, Option} from './field.js' */

/** @typedef {{value: unknown, reason: string}} Given - a value that the data set itself determines, and why */

/**
 * @typedef {Object} SettingFields
 * @property {(setting: SettingDescription) => HTMLElement} add - returns the field of a setting, or those of its options
 * @property {(state: PageState, given?: Record<string, Given>) => void} update - `given` has what cannot be chosen now
 * @property {(name: string, text: string) => void} tell - put a few words beside a setting's label
 */

/**
 * @typedef {Object} OptionFields - the fields of the parameters of the component that another setting chooses
 * @property {HTMLElement} element - has no box of its own
 * @property {(state: PageState) => void} update
 */

/** What a button is called that takes the next of a seed. */
const NEW_SEEDS = new Map([
  ['data_seed', t('New data seed')],
  ['split_seed', t('New split seed')],
  ['weights_seed', t('New weights seed')],
  ['shuffle_seed', t('New shuffle seed')],
]);

/**
 * @param {Context} context
 * @returns {SettingFields}
 */
export function createSettingFields(context) {
  const { choices, actions } = context;
  /** @type {Map<string, Field>} */
  const fields = new Map();
  /** @type {OptionFields[]} */
  const options = [];
  /** @type {Record<string, string[]>} */
  let suits = {};

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
        .filter(({ name }) => suits[setting.name]?.includes(name) ?? true)
        .map(({ name, label }) => ({ value: name, label })),
    ];
  }

  return {
    add(setting) {
      if (setting.kind === 'options') {
        const own = createOptionFields(context, setting);
        options.push(own);
        return own.element;
      }
      const { name, label, help, automatic, starts_over: startsOver } = setting;
      const spec = {
        name,
        control: name,
        label,
        help,
        startsOver,
        automatic,
        parameter: setting.number ?? undefined,
        text: setting.kind === 'text',
        options: optionsOf(setting),
        key: name,
        registry: setting.registry,
      };
      const field = createField(spec, (value) => actions.change({ [name]: value }));
      fields.set(name, field);
      return field.element;
    },
    update(state, given = {}) {
      const { experiment, refusals } = state;
      if (!experiment) return;
      suits = experiment.suits;
      for (const [name, field] of fields) {
        const value = given[name] ? given[name].value : experiment.config[name];
        field.update({ value, refusal: refusals[name], disabled: given[name]?.reason });
      }
      for (const own of options) own.update(state);
    },
    tell: (name, text) => fields.get(name)?.tell(text),
  };
}

/**
 * Return a seed's field with a button that takes the next one.
 *
 * @param {SettingDescription} setting
 * @param {HTMLElement} field - of the setting
 * @param {Actions} actions
 * @returns {HTMLElement}
 */
export function withNewSeed(setting, field, actions) {
  const name = NEW_SEEDS.get(setting.name) ?? setting.label;
  const icon = svg(
    'svg',
    { viewBox: '0 0 24 24', 'aria-hidden': 'true' },
    svg('rect', { class: 'icon-line', x: 4.5, y: 4.5, width: 15, height: 15, rx: 3.5 }),
    ...[
      [9, 9],
      [15, 9],
      [12, 12],
      [9, 15],
      [15, 15],
    ].map(([cx, cy]) => svg('circle', { class: 'icon-solid', cx, cy, r: 1.3 })),
  );
  const button = html(
    'button',
    { type: 'button', class: 'icon-button seed-button', 'aria-label': name, title: name },
    icon,
  );
  button.addEventListener('click', () => void actions.change({ [setting.name]: nextSeed(setting, actions) }));
  return html('div', { class: 'seed', 'data-control': setting.name }, field, button);
}

/**
 * @param {SettingDescription} setting
 * @param {Pick<Actions, 'latest'>} actions
 * @returns {number}
 */
export function nextSeed({ name, number }, { latest }) {
  const next = Number(latest(name) ?? 0) + 1;
  return number && next > number.maximum ? number.minimum : next;
}

/**
 * Return the fields of the chosen component's own parameters, such as an optimizer's momentum.
 *
 * @param {Context} context
 * @param {SettingDescription} setting - of the kind "options"
 * @returns {OptionFields}
 */
function createOptionFields({ choices, actions }, setting) {
  const { name: all, of = '', registry = '', elsewhere = [], starts_over: startsOver } = setting;
  const element = html('div', { class: 'settings-options', 'data-control': all });
  /** @type {string | null} */
  let chosen = null;
  /** @type {Map<string, {field: Field, parameter: ParameterDescription}>} */
  let fields = new Map();

  /** @param {ParameterDescription} parameter */
  function build(parameter) {
    const { name, label, help } = parameter;
    const spec = { name, label, help, startsOver, parameter, component: `${registry}/${chosen}` };
    const field = createField(spec, (value) =>
      actions.change({ [all]: { .../** @type {object} */ (actions.latest(all)), [name]: value } }),
    );
    return { field, parameter };
  }

  return {
    element,
    update({ experiment, refusals }) {
      if (!experiment) return;
      const given = /** @type {Record<string, unknown>} */ (experiment.config[all]);
      const component = String(experiment.config[of]);
      if (component !== chosen) {
        chosen = component;
        const parameters = choices.entry(registry, component)?.parameters ?? [];
        const own = parameters.filter(({ name }) => !elsewhere.includes(name));
        fields = new Map(own.map((parameter) => [parameter.name, build(parameter)]));
        element.replaceChildren(...[...fields.values()].map(({ field }) => field.element));
      }
      for (const [name, { field, parameter }] of fields) {
        field.update({ value: given[name] ?? parameter.default, refusal: refusals[`${of}.${name}`] });
      }
    },
  };
}
