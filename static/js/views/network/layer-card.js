/**
 * What can be chosen for one hidden layer alone.
 */
import { html } from '../../lib/element.js';
import { explained } from '../../lib/help.js';
import { frozenPart } from '../../lib/weights.js';
import { t } from '../../lib/words.js';
import { createField } from '../field.js';

/** @import {Context} from '../../view.js' */
/** @import {PageState} from '../../store.js' */
/** @import {Content} from './cards.js' */

/**
 * @param {number} layer - from 0
 * @param {Context} context
 * @param {() => void} close
 * @returns {Content}
 */
export function layerContent(layer, { choices, actions }, close) {
  const number = layer + 1;
  const own = choices.setting('layer_activations');
  const activationOfAll = choices.setting('activation');
  const dropout = choices.setting('dropout');
  const entries = choices.entries(own.registry ?? '').filter(({ name }) => own.options?.includes(name));
  const rate = dropout.number ?? undefined;
  /** @type {PageState | null} */
  let shown = null;
  /** @type {boolean | null} */
  let wish = null; // to freeze the layer or not

  /**
   * @template T
   * @param {string} setting - a list with an item for each layer; items at the end may be missing
   * @param {T} missing
   * @returns {T[]} with one for every layer
   */
  function perLayer(setting, missing) {
    const units = /** @type {number[]} */ (actions.latest('hidden'));
    const list = /** @type {T[]} */ (actions.latest(setting));
    return units.map((_, at) => list[at] ?? missing);
  }

  function options() {
    const common = choices.entry(own.registry ?? '', shown?.experiment?.config.activation)?.label ?? '';
    const same = { value: '', label: t('As all layers ({activation})', { activation: common }) };
    return [same, ...entries.map(({ name, label }) => ({ value: name, label }))];
  }

  const activation = createField(
    {
      name: own.name,
      label: t('Activation of this layer'),
      help: own.help,
      key: activationOfAll.name,
      registry: own.registry,
      options,
    },
    (value) => actions.change({ [own.name]: perLayer(own.name, '').with(layer, String(value)) }),
  );
  const dropped = createField(
    {
      name: dropout.name,
      label: t('Dropout'),
      help: rate?.help ?? dropout.help,
      key: dropout.name,
      parameter: rate,
    },
    (value) => actions.change({ [dropout.name]: perLayer(dropout.name, 0).with(layer, Number(value)) }),
  );
  const freeze = createField(
    {
      name: 'freeze',
      label: t('Freeze this layer'),
      help: t('Its weights and biases stay as they are while the others are trained.'),
    },
    async (value) => {
      wish = Boolean(value);
      freeze.update({ value: wish });
      const place = { layer: layer + 1, row: null, unit: null };
      const { refusal } = await actions.command({ type: 'freeze', ...place, frozen: wish });
      if (refusal) wish = null;
    },
  );
  const remove = html('button', { type: 'button', class: 'text-button' }, t('Remove this layer'));
  remove.addEventListener('click', () => {
    void actions.command({ type: 'remove_layer', layer: layer + 1 });
    close();
  });

  return {
    name: t('Hidden layer {number} settings', { number }),
    nodes: [
      explained(html('h3', { class: 'card-heading' }, t('Hidden layer {number}', { number })), () => [
        { key: 'hidden_layer' },
      ]),
      activation.element,
      dropped.element,
      freeze.element,
      remove,
    ],
    update({ experiment, gaps, frozen }, state) {
      shown = state;
      const { config, layers } = experiment;
      if (layer >= layers.length - 2) return false;
      const { refusals } = state;
      const ownNames = /** @type {string[]} */ (config[own.name]);
      const shares = /** @type {number[]} */ (config[dropout.name]);
      activation.update({ value: ownNames[layer] ?? '', refusal: refusals[own.name] });
      dropped.update({ value: shares[layer] ?? 0, refusal: refusals[dropout.name] });
      const kept = frozenPart(gaps, frozen, layer + 1) === 'all';
      if (wish === kept) wish = null; // granted, and told of by now
      freeze.update({ value: wish ?? kept });
      return true;
    },
    focus: () => activation.element.querySelector('select')?.focus(),
  };
}
