/**
 * The data sets as small pictures, and what can be set of the chosen one.
 */
import { addMarker } from '../lib/points.js';
import { context2d, fitToScreen } from '../lib/canvas.js';
import { html, part, setText } from '../lib/element.js';
import { createSettingFields } from './setting-fields.js';

/** @import {EntryDescription} from '../protocol.js' */
/** @import {View, Context} from '../view.js' */
/** @import {PageState} from '../store.js' */

const FIELDS = ['noise', 'train_share', 'samples'];

/**
 * @param {HTMLElement} root
 * @param {Context} context
 * @returns {View}
 */
export function mount(root, context) {
  const { choices, actions, palette } = context;
  const group = part(root, '.datasets', HTMLElement);
  const measurements = part(root, '.measurements', HTMLElement);
  const error = part(root, '.datasets-error', HTMLElement);
  const setting = choices.setting('dataset');
  const entries = choices.entries(setting.registry ?? '');

  /** @type {{entry: EntryDescription, input: HTMLInputElement, canvas: HTMLCanvasElement}[]} */
  const tiles = entries.map((entry) => {
    const input = html('input', {
      type: 'radio',
      name: 'dataset',
      value: entry.name,
      class: 'dataset-input',
    });
    const canvas = html('canvas', { class: 'dataset-picture', 'aria-hidden': 'true' });
    input.addEventListener('change', () => void choose(entry.name));
    return { entry, input, canvas };
  });
  const problems = [...new Set(entries.map(({ problem }) => problem ?? ''))];
  group.append(
    ...problems.map((problem) =>
      html(
        'div',
        { class: 'datasets-kind' },
        html('p', { class: 'datasets-heading' }, problem.charAt(0).toUpperCase() + problem.slice(1)),
        html(
          'div',
          { class: 'datasets-tiles' },
          ...tiles
            .filter(({ entry }) => entry.problem === problem)
            .map(({ entry, input, canvas }) =>
              html(
                'label',
                { class: 'dataset', title: entry.help },
                input,
                canvas,
                html('span', { class: 'dataset-label' }, entry.label),
              ),
            ),
        ),
      ),
    ),
  );

  const fields = createSettingFields(context);
  part(root, '.data-fields', HTMLElement).append(...FIELDS.map((name) => fields.add(choices.setting(name))));
  const axes = createAxes(context);
  measurements.append(axes.element, fields.add(choices.setting('all_measurements')));
  const newPoints = part(root, '.new-points', HTMLButtonElement);
  newPoints.addEventListener('click', () => {
    const seed = Number(actions.latest('data_seed') ?? 0);
    void actions.change({ data_seed: seed + 1 });
  });

  /** @type {PageState | null} */
  let shown = null;

  /** @param {string} name */
  async function choose(name) {
    const answer = await actions.change({ dataset: name });
    if (answer.refusal) check();
  }

  function check() {
    for (const { entry, input } of tiles) input.checked = entry.name === shown?.experiment?.config.dataset;
  }

  function paintTiles() {
    for (const { entry, canvas } of tiles) paintTile(canvas, entry, palette());
  }
  const resized = new ResizeObserver(paintTiles);
  resized.observe(group);

  return {
    update(state) {
      const repainted = shown !== null && shown.paletteVersion !== state.paletteVersion;
      const changed =
        shown?.experiment !== state.experiment ||
        shown.data !== state.data ||
        shown.refusals !== state.refusals;
      shown = state;
      if (repainted) paintTiles();
      if (!changed || !state.experiment) return;
      check();
      const chosen = choices.entry(setting.registry ?? '', state.experiment.config.dataset);
      const reason = chosen?.fixed
        ? `${chosen.label} is measured data: its points are given, without added noise.`
        : '';
      const points = (state.data?.train.count ?? 0) + (state.data?.test.count ?? 0);
      fields.update(state, reason ? { samples: { value: points, reason }, noise: { value: 0, reason } } : {});
      newPoints.disabled = Boolean(reason);
      newPoints.title = reason;
      const columns = chosen?.columns ?? [];
      measurements.hidden = columns.length <= 2;
      if (chosen && !measurements.hidden) axes.update(state, chosen);
      setText(error, state.refusals.dataset ?? '');
      error.hidden = !state.refusals.dataset;
    },
    destroy() {
      resized.disconnect();
    },
  };
}

/**
 * Return the two menus of the measurements that are drawn.
 *
 * @param {Context} context
 */
function createAxes({ choices, actions }) {
  const setting = choices.setting('axes');
  const error = html('p', { class: 'field-error', role: 'alert', hidden: true });
  /** @type {number[]} the data set's own choice */
  let standard = [];
  const selects = ['Drawn across', 'Drawn upwards'].map((label, direction) => {
    const select = html('select', { class: 'field-select' });
    select.addEventListener('change', () => {
      const drawn = /** @type {number[]} */ (actions.latest(setting.name) ?? standard);
      const wish = [...drawn];
      // Choosing the other axis's measurement swaps the two: a picture needs two different ones.
      if (select.selectedIndex === drawn[1 - direction]) wish[1 - direction] = drawn[direction];
      wish[direction] = select.selectedIndex;
      void actions.change({ [setting.name]: wish });
    });
    const caption = html('span', { class: 'field-label' }, label);
    return { select, field: html('label', { class: 'field', title: setting.help }, caption, select) };
  });
  const element = html('div', { class: 'axes' }, ...selects.map(({ field }) => field), error);
  let columns = '';

  return {
    element,
    /**
     * @param {PageState} state
     * @param {EntryDescription} dataset
     */
    update({ experiment, refusals }, dataset) {
      const given = /** @type {number[] | null} */ (experiment?.config[setting.name] ?? null);
      standard = dataset.axes ?? [];
      const drawn = given ?? standard;
      if (dataset.columns && columns !== dataset.columns.join()) {
        columns = dataset.columns.join();
        for (const { select } of selects) {
          select.replaceChildren(...dataset.columns.map((column) => html('option', {}, column)));
        }
      }
      selects.forEach(({ select }, direction) => {
        select.selectedIndex = drawn[direction];
      });
      setText(error, refusals[setting.name] ?? '');
      error.hidden = !refusals[setting.name];
    },
  };
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {EntryDescription} entry
 * @param {import('../palette.js').Palette} palette
 */
function paintTile(canvas, { thumbnail, classes = [] }, palette) {
  const { clientWidth: width, clientHeight: height } = canvas;
  if (!thumbnail || !width) return;
  const ratio = fitToScreen(canvas, width, height);
  const context = context2d(canvas);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  const greatest = Math.max(...thumbnail.target.map(Math.abs)) || 1;
  const radius = Math.max(1.2, width / 40);
  thumbnail.target.forEach((target, index) => {
    context.beginPath();
    addMarker(
      context,
      classes.length ? target : 0,
      thumbnail.x[index] * width,
      thumbnail.y[index] * height,
      classes.length ? radius : radius * 1.2,
    );
    context.fillStyle = classes.length ? palette.classes[target] : palette.weight(target / greatest);
    context.fill();
  });
}
