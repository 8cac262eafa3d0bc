/**
 * How the network learns: a field for every setting that has no other place on the page.
 */
import { html, part } from '../lib/element.js';
import { createSettingFields, optionFields } from './setting-fields.js';

/** @import {View, Context} from '../view.js' */
/** @import {PageState} from '../store.js' */

/** Settings that are edited where they show: beside the data, or in the network itself. */
export const ELSEWHERE = new Set([
  'dataset',
  'samples',
  'noise',
  'train_share',
  'axes',
  'all_measurements',
  'features',
  'hidden',
  'data_seed',
]);

/** Settings that few need: folded away. */
const FOLDED = new Set(['initializer', 'split_seed', 'weights_seed', 'shuffle_seed']);

/**
 * @param {HTMLElement} root
 * @param {Context} context
 * @returns {View}
 */
export function mount(root, context) {
  const { choices, actions } = context;
  const row = part(root, '.settings-row', HTMLElement);
  const more = part(root, '.settings-more', HTMLElement);
  const fields = createSettingFields(context);
  const options = optionFields(context);
  const place = html('div', { class: 'settings-options' });
  for (const setting of choices.settings.filter(({ name }) => !ELSEWHERE.has(name))) {
    if (setting.kind === 'options') row.append(place);
    else (FOLDED.has(setting.name) ? more : row).append(fields.add(setting));
  }
  const seeds = part(root, '.new-weights', HTMLButtonElement);
  /** @type {PageState | null} */
  let shown = null;
  seeds.addEventListener('click', () => {
    const seed = Number(actions.latest('weights_seed') ?? 0);
    void actions.change({ weights_seed: seed + 1 });
  });

  return {
    update(state) {
      if (shown && shown.experiment === state.experiment && shown.refusals === state.refusals) return;
      shown = state;
      fields.update(state);
      options.update(state);
      // One option, such as momentum, belongs beside its optimizer; a handful is for those who look for it.
      const home = options.count() > 1 ? more : place;
      if (options.element.parentElement !== home) home.prepend(options.element);
    },
    destroy() {},
  };
}
