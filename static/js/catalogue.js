/**
 * All that can be chosen, as the server describes it.
 */

/** @import {Catalogue, EntryDescription, PaceDescription, SettingDescription} from './protocol.js' */

/**
 * @typedef {Object} Choices
 * @property {SettingDescription[]} settings
 * @property {(name: string) => SettingDescription} setting
 * @property {(kind: string) => EntryDescription[]} entries - the components of a kind, in menu order
 * @property {(kind: string, name: unknown) => EntryDescription | undefined} entry
 * @property {PaceDescription[]} paces - speeds of training, from slow to fast
 */

/**
 * @param {Catalogue} catalogue
 * @returns {Choices}
 */
export function createChoices(catalogue) {
  const byName = new Map(catalogue.settings.map((setting) => [setting.name, setting]));
  return {
    settings: catalogue.settings,
    setting(name) {
      const found = byName.get(name);
      if (!found) throw new Error(`The catalogue has no setting ${name}.`);
      return found;
    },
    entries: (kind) => catalogue.registries[kind] ?? [],
    entry: (kind, name) => catalogue.registries[kind]?.find((entry) => entry.name === name),
    paces: catalogue.paces,
  };
}
