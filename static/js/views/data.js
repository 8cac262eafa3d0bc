/**
 * The data sets as small pictures, one's own points and table among them, and what can be set of the chosen one.
 */
import { html, part, setText } from '../lib/element.js';
import { t } from '../lib/words.js';
import { penIcon } from './data/icons.js';
import { createOwnTable } from './data/own-table.js';
import { paintTile } from './data/tile.js';
import { createSettingFields, nextSeed, withNewSeed } from './setting-fields.js';

/** @import {EntryDescription, SettingDescription} from '../protocol.js' */
/** @import {View, Context} from '../view.js' */
/** @import {PageState} from '../store.js' */
/** @import {Given} from './setting-fields.js' */

/** What shows at once; all else that concerns the data is folded away. */
const SHOWN = ['noise', 'train_share', 'samples'];
const SEEDS = ['data_seed', 'split_seed'];

/** @type {Record<string, string>} */
const PROBLEMS = { classification: t('Classification'), regression: t('Regression') };

/**
 * @param {HTMLElement} root
 * @param {Context} context
 * @returns {View}
 */
export function mount(root, context) {
  const { choices, actions, palette } = context;
  const group = part(root, '.datasets', HTMLElement);
  const error = part(root, '.datasets-error', HTMLElement);
  const shownFields = part(root, '.data-fields', HTMLElement);
  const more = part(root, '.data-more', HTMLElement);
  const setting = choices.setting('dataset');
  const registry = setting.registry ?? '';
  const ownTable = createOwnTable(root, context, check);

  const tiles = choices.entries(registry).map((entry) => createTile(entry, () => void choose(entry.name)));
  const drawn = tiles.filter(({ own }) => !own);
  const problems = [...new Set(drawn.map(({ entry }) => entry.problem ?? ''))];
  for (const problem of problems) {
    const ofProblem = drawn.filter(({ entry }) => entry.problem === problem);
    group.append(kindOfData(PROBLEMS[problem] ?? problem, ofProblem, problem));
  }
  const own = kindOfData(
    t('Your own'),
    tiles.filter((tile) => tile.own),
  );
  own.classList.add('datasets-own');
  part(own, '.datasets-tiles', HTMLElement).append(ownTable.button);
  own.append(ownTable.element);
  group.append(own);

  const fields = createSettingFields(context);
  const options = fields.add(choices.setting('dataset_options'));
  const newPoints = html(
    'button',
    { type: 'button', class: 'text-button new-points', 'data-control': 'new_points' },
    t('New points'),
  );
  newPoints.addEventListener('click', () => {
    void actions.change({ data_seed: nextSeed(choices.setting('data_seed'), actions) });
  });
  shownFields.append(options, ...SHOWN.map((name) => fields.add(choices.setting(name))), newPoints);
  const folded = choices.settings.filter(
    ({ name, kind, group: place }) => place === 'data' && kind === 'number' && !SHOWN.includes(name),
  );
  const seeds = SEEDS.map((name) => choices.setting(name));
  more.append(
    ...folded.map((each) => fields.add(each)),
    ...seeds.map((each) => withNewSeed(each, fields.add(each), actions)),
  );
  const fold = createFold(part(root, '.data-fold', HTMLDetailsElement), [...folded, ...seeds], () => {
    group.querySelector(':checked')?.parentElement?.scrollIntoView({ block: 'nearest' });
  });

  /** @type {PageState | null} */
  let shown = null;

  /** @param {string} name */
  async function choose(name) {
    const answer = await actions.change({ dataset: name });
    if (answer.refusal) check();
  }

  function check() {
    const config = shown?.experiment?.config;
    for (const { entry, input } of tiles) input.checked = !config?.table && entry.name === config?.dataset;
    ownTable.input.checked = Boolean(config?.table);
  }

  function paintTiles() {
    for (const { entry, canvas } of tiles) if (canvas) paintTile(canvas, entry, palette());
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
      ownTable.update(state);
      const chosen = choices.entry(registry, state.experiment.config.dataset);
      const given = givenByData(state, chosen);
      fields.update(state, given);
      fold.update(state);
      options.hidden = Boolean(state.experiment.config.table);
      newPoints.disabled = Boolean(given.samples);
      newPoints.title = given.samples?.reason ?? '';
      const refusal = state.refusals.dataset ?? state.refusals.table ?? '';
      setText(error, refusal);
      error.hidden = !refusal;
    },
    destroy() {
      resized.disconnect();
      ownTable.destroy();
    },
  };
}

/**
 * @typedef {Object} Tile
 * @property {EntryDescription} entry
 * @property {boolean} own - whether it has no points but those that a person draws
 * @property {HTMLInputElement} input
 * @property {HTMLCanvasElement | null} canvas
 * @property {HTMLElement} element
 */

/**
 * @param {EntryDescription} entry
 * @param {() => void} onChosen
 * @returns {Tile}
 */
function createTile(entry, onChosen) {
  const own = !entry.thumbnail?.x.length;
  const input = html('input', { type: 'radio', name: 'dataset', value: entry.name, class: 'dataset-input' });
  input.addEventListener('change', onChosen);
  const label = html('span', { class: 'dataset-label' }, entry.label);
  const attributes = { class: 'dataset', title: entry.help, 'data-control': 'dataset' };
  if (own) {
    const face = html('span', { class: 'dataset-face' }, penIcon(), label);
    const element = html('label', attributes, input, face);
    return { entry, own, input, canvas: null, element };
  }
  const canvas = html('canvas', { class: 'dataset-picture', 'aria-hidden': 'true' });
  const element = html('label', attributes, input, canvas, label);
  return { entry, own, input, canvas, element };
}

/**
 * @param {string} heading
 * @param {Tile[]} tiles
 * @param {string} [term] - key of the heading's explanation
 */
function kindOfData(heading, tiles, term) {
  return html(
    'div',
    { class: 'datasets-kind', 'data-group': true },
    html('p', { class: 'datasets-heading', 'data-term': term }, heading),
    html('div', { class: 'datasets-tiles' }, ...tiles.map(({ element }) => element)),
  );
}

/**
 * Return what the data itself determines, and why.
 *
 * @param {PageState} state
 * @param {EntryDescription | undefined} chosen
 * @returns {Record<string, Given>}
 */
function givenByData({ experiment, data }, chosen) {
  /** @type {Record<string, Given>} */
  const given = {};
  let reason = '';
  if (experiment?.config.table) {
    reason = t('{table} is a table of your own: its rows are given, without added noise.', {
      table: experiment.data_label,
    });
  } else if (chosen?.fixed) {
    reason = chosen.thumbnail?.x.length
      ? t('{data} is measured data: its points are given, without added noise.', { data: chosen.label })
      : t('Here each point is one that you place, without added noise.');
  }
  if (reason) {
    const points = (data?.train.count ?? 0) + (data?.test.count ?? 0);
    given.samples = { value: points, reason };
    given.noise = { value: 0, reason };
  }
  if (experiment?.problem === 'regression') {
    const noClasses = t('Here a number is predicted, so there are no classes.');
    given.balance = { value: 1, reason: noClasses };
    given.label_flips = { value: 0, reason: noClasses };
  }
  return given;
}

/**
 * @param {HTMLDetailsElement} fold
 * @param {SettingDescription[]} settings - what is in it
 * @param {() => void} onOpened
 */
function createFold(fold, settings, onOpened) {
  const mark = html('span', { class: 'settings-changed', hidden: true });
  const summary = part(fold, 'summary', HTMLElement);
  summary.append(mark);
  fold.addEventListener('toggle', () => fold.open && onOpened());
  /** @type {PageState['refusals'] | null} */
  let seen = null;

  return {
    /** @param {PageState} state */
    update({ experiment, refusals }) {
      const changed = settings.filter(
        ({ name, default: standard }) => experiment && experiment.config[name] !== standard,
      );
      mark.hidden = changed.length === 0;
      const names = changed.map(({ label }) => label).join(', ');
      summary.title = names && t('Other than at first: {names}', { names });
      if (refusals !== seen && settings.some(({ name }) => refusals[name])) fold.open = true;
      seen = refusals;
    },
  };
}
