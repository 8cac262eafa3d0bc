/**
 * An experiment's settings as people read them, and how those of two experiments differ.
 */
import { chosen, percent } from './format.js';
import { t, tn } from './words.js';

/** @import {Choices} from '../catalogue.js' */
/** @import {ParameterDescription, SettingDescription} from '../protocol.js' */

/** @typedef {Record<string, unknown>} Config */

/**
 * @typedef {Object} WordedSetting
 * @property {string} name - of a setting, or of an option as "optimizer.momentum"
 * @property {string} label
 * @property {string} words - its value
 * @property {unknown} value
 * @property {boolean} standard - whether that is its default
 */

/** Settings that are positions in a list, counted from 0; people count from 1. */
const POSITIONS = new Set(['axes', 'columns']);

/** Settings that say nothing of data that was measured. */
const OF_DRAWN_DATA = new Set(['samples', 'noise']);

/** Settings of which only the number tells something. */
const COUNTED = new Set(['own_points', 'erased']);

/**
 * @param {Config} config
 * @param {Choices} choices
 * @returns {WordedSetting[]} in the order of the catalogue; each component's options follow it
 */
export function settingsInWords(config, choices) {
  const isMeasured = Boolean(
    config.table ?? choices.entry(registryOf(choices, 'dataset'), config.dataset)?.fixed,
  );
  return choices.settings.flatMap((setting) => {
    const { name, label, kind } = setting;
    if (isMeasured && OF_DRAWN_DATA.has(name)) return [];
    // What another version did not have is as at first.
    const value = (name in config ? config[name] : setting.default) ?? null;
    if (kind === 'options') return optionsInWords(setting, config, choices);
    const standard = isSame(value, setting.default ?? null);
    return [{ name, label, words: inWords(setting, value, choices), value, standard }];
  });
}

/**
 * @param {Choices} choices
 * @param {string} name - of a setting
 * @returns {string}
 */
function registryOf(choices, name) {
  return choices.settings.find((setting) => setting.name === name)?.registry ?? '';
}

/**
 * @param {SettingDescription} setting - of the kind "options"
 * @param {Config} config
 * @param {Choices} choices
 * @returns {WordedSetting[]}
 */
function optionsInWords({ name: all, of = '', registry = '', elsewhere = [] }, config, choices) {
  const given = /** @type {Config} */ (config[all] ?? {});
  const parameters = choices.entry(registry, config[of])?.parameters ?? [];
  return parameters
    .filter(({ name }) => !elsewhere.includes(name))
    .map((parameter) => {
      const { name, label, default: standard } = parameter;
      const value = given[name] ?? standard;
      const words = numberInWords(value, parameter);
      return { name: `${of}.${name}`, label, words, value, standard: isSame(value, standard) };
    });
}

/**
 * @param {SettingDescription} setting
 * @param {unknown} value
 * @param {Choices} choices
 * @returns {string}
 */
function inWords({ name, kind, automatic, number, registry = '' }, value, choices) {
  if (value === null) return automatic || t('none');
  /** @param {unknown} entry */
  const labelOf = (entry) => choices.entry(registry, entry)?.label ?? String(entry);
  if (Array.isArray(value)) {
    if (COUNTED.has(name)) return tn('{n} point', '{n} points', value.length);
    if (value.length === 0) return t('none');
    if (kind === 'texts') return value.join('; ');
    if (POSITIONS.has(name)) return value.map((position) => chosen(position + 1)).join(', ');
    if (kind === 'numbers') return value.map((each) => numberInWords(each, number)).join(', ');
    return value.map((entry) => (entry ? labelOf(entry) : t('as the others'))).join(', ');
  }
  if (kind === 'number') return numberInWords(value, number);
  if (kind === 'switch') return switchInWords(Boolean(value));
  if (kind === 'choice') return labelOf(value);
  return typeof value === 'object' ? String(/** @type {Config} */ (value).name) : String(value);
}

/**
 * @param {unknown} value
 * @param {ParameterDescription | null | undefined} parameter
 * @returns {string}
 */
function numberInWords(value, parameter) {
  if (typeof value !== 'number') return String(value);
  if (parameter?.switch) return switchInWords(Boolean(value));
  if (parameter?.unit === '%') return percent(value, 0);
  return parameter?.unit ? `${chosen(value)} ${parameter.unit}` : chosen(value);
}

/** @param {boolean} yes */
function switchInWords(yes) {
  return yes ? t('on') : t('off');
}

/**
 * @param {Config} config
 * @param {Config} other
 * @param {Choices} choices
 * @returns {string[]} a phrase for each setting in which `config` is not as the other
 */
export function differences(config, other, choices) {
  const others = new Map(settingsInWords(other, choices).map((setting) => [setting.name, setting]));
  return settingsInWords(config, choices).flatMap(({ name, label, value, words }) => {
    const theirs = others.get(name);
    // What the other has not is an option of a component that differs itself.
    if (!theirs || isSame(value, theirs.value)) return [];
    if (words === theirs.words) return [t('{label}: not the same', { label })];
    return [t('{label} {value}, not {other}', { label, value: words, other: theirs.words })];
  });
}

/**
 * @param {unknown} a
 * @param {unknown} b
 */
function isSame(a, b) {
  return JSON.stringify(a) === JSON.stringify(b);
}
