/**
 * How the network learns: what is chosen most stands in sight, the rest in folds of which one at a time is open.
 */
import { html, part } from '../lib/element.js';
import { number } from '../lib/format.js';
import { t } from '../lib/words.js';
import { createSettingFields, nextSeed, withNewSeed } from './setting-fields.js';

/** @import {SettingDescription} from '../protocol.js' */
/** @import {View, Context} from '../view.js' */
/** @import {PageState} from '../store.js' */

/** What is in sight, in this order. */
const FIRST = [
  'activation',
  'loss',
  'optimizer',
  'learning_rate',
  'batch_size',
  'regularization',
  'regularization_rate',
];

/** Seeds whose place is beside the data. */
const WITH_DATA = new Set(['data_seed', 'split_seed']);

/** Everything else, by group. */
const FOLDS = [
  { label: t('Options and schedule'), groups: ['training'] },
  { label: t('When to stop'), groups: ['stop'] },
  { label: t('Initial weights and seeds'), groups: ['network', 'chance'] },
];

/**
 * @param {HTMLElement} root
 * @param {Context} context
 * @returns {View}
 */
export function mount(root, context) {
  const { choices, actions } = context;
  const row = part(root, '.settings-row', HTMLElement);
  const bar = part(root, '.settings-folds', HTMLElement);
  const anew = part(root, '.new-weights', HTMLButtonElement);
  const fields = createSettingFields(context);
  const grouped = choices.settings.filter(({ name }) => !FIRST.includes(name) && !WITH_DATA.has(name));
  /** @param {SettingDescription} setting */
  function addField(setting) {
    const field = fields.add(setting);
    const isSeed = setting.group === 'chance' && setting.kind === 'number';
    return isSeed ? withNewSeed(setting, field, actions) : field;
  }
  const folds = FOLDS.map(({ label, groups }, index) => {
    const settings = grouped.filter(({ group }) => groups.includes(group ?? ''));
    return createFold(`settings-fold-${index}`, label, settings, addField);
  });
  row.prepend(...FIRST.map((name) => fields.add(choices.setting(name))));
  bar.append(...folds.map(({ button }) => button));
  bar.after(...folds.map(({ panel }) => panel));
  /** @type {PageState | null} */
  let shown = null;

  /** @param {typeof folds[number] | undefined} fold - the one to be open, if any */
  function unfold(fold) {
    for (const other of folds) other.open(other === fold);
    if (shown) fields.update(shown);
  }
  for (const fold of folds) {
    fold.button.addEventListener('click', () => unfold(fold.panel.hidden ? fold : undefined));
  }
  anew.addEventListener('click', () => {
    void actions.change({ weights_seed: nextSeed(choices.setting('weights_seed'), actions) });
  });

  return {
    update(state) {
      const { experiment, picture } = state;
      const scheduled = experiment && experiment.config.schedule !== null;
      const rate = scheduled && picture ? number(picture.learningRate, 3) : '';
      fields.tell('learning_rate', rate && t('now {rate}', { rate }));
      if (shown && shown.experiment === experiment && shown.refusals === state.refusals) return;
      shown = state;
      for (const fold of folds) fold.update(state);
      // What was refused must be seen.
      const refused = folds.find((fold) => fold.holds(Object.keys(state.refusals)));
      if (refused?.panel.hidden) unfold(refused);
      else fields.update(state);
    },
    destroy() {},
  };
}

/**
 * @param {string} id
 * @param {string} label
 * @param {SettingDescription[]} settings
 * @param {(setting: SettingDescription) => HTMLElement} addField
 */
function createFold(id, label, settings, addField) {
  const mark = html('span', { class: 'settings-changed', hidden: true });
  const holds = settings.map(({ name }) => name).join(' ');
  const button = html(
    'button',
    {
      type: 'button',
      class: 'settings-fold fold-heading',
      'aria-expanded': 'false',
      'aria-controls': id,
      'data-holds': holds,
    },
    label,
    mark,
  );
  const panel = html('div', {
    id,
    class: 'settings-more',
    role: 'group',
    'aria-label': label,
    'data-group': true,
    hidden: true,
  });

  return {
    button,
    panel,
    /** @param {boolean} yes */
    open(yes) {
      // Fields that nobody has looked for need not be there when the page opens.
      if (yes && !panel.firstChild) panel.append(...settings.map(addField));
      panel.hidden = !yes;
      button.setAttribute('aria-expanded', String(yes));
    },
    /** @param {string[]} names - of settings, or of options as "optimizer.momentum" */
    holds: (names) =>
      settings.some(({ name, of }) => names.some((key) => key === name || key.split('.')[0] === of)),
    /** @param {PageState} state */
    update({ experiment }) {
      const changed = settings.filter(
        ({ name, default: standard }) =>
          JSON.stringify(experiment?.config[name] ?? null) !== JSON.stringify(standard ?? null),
      );
      mark.hidden = changed.length === 0;
      const names = changed.map((setting) => setting.label).join(', ');
      button.title = names && t('Other than at first: {names}', { names });
    },
  };
}
