/**
 * Which part of data with many measurements the picture shows: two of them or the principal components, and through
 * which sample the slice goes.
 */
import { html } from '../../lib/element.js';
import { t } from '../../lib/words.js';
import { createField } from '../field.js';

/** @import {Context} from '../../view.js' */
/** @import {PageState} from '../../store.js' */

const PICK = 'pick';

/**
 * @typedef {Object} PictureFields
 * @property {(state: PageState) => void} update
 * @property {() => boolean} picking - whether the sample that the slice goes through is being chosen in the picture
 * @property {(sample: number | null) => void} pick - this one; null for leaving things as they are
 */

/**
 * @param {HTMLElement} root
 * @param {Context} context
 * @param {(picking: boolean) => void} onPicking
 * @returns {PictureFields}
 */
export function createPictureFields(root, { choices, actions }, onPicking) {
  const [projection, axes, slice] = ['projection', 'axes', 'slice_sample'].map(choices.setting);
  const kinds = choices.entries(projection.registry ?? '');
  /** @type {PageState | null} */
  let shown = null;
  let picking = false;

  /** @param {boolean} now */
  function setPicking(now) {
    if (picking === now) return;
    picking = now;
    onPicking(now);
    if (shown) show(shown);
  }

  /** @returns {number[]} the columns drawn across and upwards */
  function drawn() {
    const wish = /** @type {number[] | null} */ (actions.latest(axes.name));
    const { columns = [], axes: names = [] } = shown?.data ?? {};
    return wish ?? names.map((name) => columns.indexOf(name));
  }

  const picture = createField(
    {
      name: projection.name,
      label: projection.label,
      help: projection.help,
      control: projection.name,
      key: projection.name,
      registry: projection.registry,
      options: () => kinds.map(({ name, label }) => ({ value: name, label })),
    },
    (value) => {
      setPicking(false);
      return actions.change({ [projection.name]: value });
    },
  );
  const directions = [t('Drawn across'), t('Drawn upwards')].map((label, direction) =>
    createField(
      {
        name: axes.name,
        label,
        help: axes.help,
        control: axes.name,
        key: axes.name,
        options: () => (shown?.data?.columns ?? []).map((column, value) => ({ value, label: column })),
      },
      (value) => {
        const wish = [...drawn()];
        // Choosing the other direction's measurement swaps the two: a picture needs two different ones.
        if (value === wish[1 - direction]) wish[1 - direction] = wish[direction];
        wish[direction] = Number(value);
        return actions.change({ [axes.name]: wish });
      },
    ),
  );
  const through = createField(
    {
      name: slice.name,
      label: slice.label,
      help: slice.help,
      control: slice.name,
      key: slice.name,
      options() {
        const sample = shown?.experiment?.config[slice.name] ?? null;
        return [
          { value: null, label: slice.automatic ?? '' },
          ...(sample === null
            ? []
            : [{ value: sample, label: t('Sample {number}', { number: String(sample) }) }]),
          { value: PICK, label: sample === null ? t('Pick a point…') : t('Pick another…') },
        ];
      },
    },
    async (value) => {
      setPicking(value === PICK);
      if (value !== PICK) await actions.change({ [slice.name]: value });
    },
  );
  const cut = html(
    'div',
    { class: 'picture-cut' },
    ...[...directions, through].map(({ element }) => element),
  );
  root.append(picture.element, cut);

  /** @param {PageState} state */
  function show({ experiment, data, refusals }) {
    if (!experiment) return;
    const { config } = experiment;
    picture.update({ value: data?.projection, refusal: refusals[projection.name] });
    if (cut.hidden) return; // no measurement is drawn by itself
    const plane = drawn();
    directions.forEach((field, direction) =>
      field.update({ value: plane[direction], refusal: direction ? '' : refusals[axes.name] }),
    );
    through.update({ value: picking ? PICK : (config[slice.name] ?? null), refusal: refusals[slice.name] });
  }

  return {
    update(state) {
      const same = shown?.experiment === state.experiment && shown.refusals === state.refusals;
      if (same && shown?.data === state.data) return;
      shown = state;
      const many = (state.data?.columns.length ?? 0) > 2;
      root.hidden = !many;
      cut.hidden = state.data?.projection !== kinds[0]?.name;
      if (!many || cut.hidden) setPicking(false);
      if (many) show(state);
    },
    picking: () => picking,
    pick(sample) {
      setPicking(false);
      if (sample !== null) void actions.change({ [slice.name]: sample });
    },
  };
}
