/**
 * A weight or a bias, or all of a neuron's, each with a field that follows the training and takes another value.
 */
import { html, setText } from '../../lib/element.js';
import { explained } from '../../lib/help.js';
import { createNumberInput } from '../../lib/number-input.js';
import { neuronName, shortName, weightName } from '../../lib/plan.js';
import { weightIndex } from '../../lib/weights.js';
import { t } from '../../lib/words.js';
import { formulaOf } from './reading.js';

/** @import {Plan} from '../../lib/plan.js' */
/** @import {Neuron, PageState, WeightPlace} from '../../store.js' */
/** @import {Actions, Context} from '../../view.js' */
/** @import {Content} from './cards.js' */

const STEP = 0.1;

/**
 * @typedef {Object} WeightField
 * @property {HTMLInputElement} input
 * @property {HTMLInputElement} freeze
 * @property {(plan: Plan, state: PageState) => boolean} update - returns whether the network has such a weight
 */

/**
 * @param {WeightPlace} place
 * @param {Context} context
 * @param {Plan} plan
 * @param {PageState} state
 * @returns {Content}
 */
export function weightContent(place, { actions }, { experiment }, { data }) {
  const error = errorLine();
  const { input, freeze, update } = createWeightField(place, actions, error);
  const word = place.row === null ? t('Bias') : t('Weight');
  const heading = weightName(place, experiment, data?.classes ?? []);
  return {
    name: heading,
    nodes: [
      explained(html('h3', { class: 'card-heading' }, heading), () => [
        { key: place.row === null ? 'biases' : 'weight' },
      ]),
      html('label', { class: 'card-weight' }, html('span', { class: 'field-label' }, word), input),
      html(
        'label',
        { class: 'check', title: t('Keep it as it is while the others are trained') },
        freeze,
        t('Freeze'),
      ),
      error,
    ],
    update,
    focus: () => input.focus(),
  };
}

/**
 * @param {Neuron} neuron - not an input
 * @param {Context} context
 * @param {Plan} plan
 * @param {PageState} state
 * @returns {Content}
 */
export function neuronContent(neuron, { actions, choices }, plan, { data }) {
  const { layer, unit } = neuron;
  const error = errorLine();
  const formula = html('p', { class: 'card-formula' });
  const heading = neuronName(neuron, plan.experiment, data?.classes ?? []);
  const rows = [null, ...plan.keys[layer - 1].keys()].map((row) => {
    const field = createWeightField({ layer, row, unit }, actions, error);
    const source = row === null ? t('Bias') : shortName({ layer: layer - 1, unit: row }, plan.experiment);
    const isBias = row === null;
    field.input.setAttribute('aria-label', isBias ? source : t('Weight of {source}', { source }));
    field.freeze.setAttribute(
      'aria-label',
      isBias ? t('Freeze bias') : t('Freeze weight of {source}', { source }),
    );
    return {
      field,
      cells: [html('span', { class: 'card-source', title: source }, source), field.input, field.freeze],
    };
  });
  const head = ['', t('Value'), t('Freeze')].map((text) => html('span', { class: 'field-label' }, text));
  const shape = plan.experiment.layers.join();
  return {
    name: heading,
    nodes: [
      explained(html('h3', { class: 'card-heading' }, heading), () => [{ key: 'neuron' }]),
      formula,
      html('div', { class: 'card-weights' }, ...head, ...rows.flatMap(({ cells }) => cells)),
      error,
    ],
    update(newPlan, state) {
      if (newPlan.experiment.layers.join() !== shape) return false;
      for (const { field } of rows) field.update(newPlan, state);
      setText(formula, formulaOf(neuron, newPlan, state.picture?.weights ?? null, choices));
      return true;
    },
    focus: () => rows[0].field.input.focus(),
  };
}

/**
 * @param {WeightPlace} place
 * @param {Actions} actions
 * @param {HTMLElement} error
 * @returns {WeightField}
 */
function createWeightField(place, actions, error) {
  const { element: input, read, write } = createNumberInput(STEP);
  const freeze = html('input', { type: 'checkbox' });
  let editing = false; // somebody is typing: the training must not type over it
  let asking = 0;
  /** @type {number | null} */
  let live = null;
  /** @type {boolean | null} */
  let wish = null; // to freeze it or not

  function show() {
    if (editing || asking || Object.is(read(), live)) return;
    write(live);
    if (document.activeElement === input) input.select();
  }

  /** @param {boolean} yes */
  function edit(yes) {
    editing = yes;
    if (!yes) show();
  }

  /** @param {Parameters<Actions['command']>[0]} command */
  async function ask(command) {
    asking += 1;
    const { refusal } = await actions.command(command);
    asking -= 1;
    error.hidden = !refusal;
    setText(error, refusal?.message ?? '');
    if (refusal) actions.show({ refusals: {} }); // it is told here, and nowhere else
    return !refusal;
  }

  input.addEventListener('focus', () => {
    input.select();
    actions.show({ selected: place });
  });
  input.addEventListener('input', () => edit(true));
  input.addEventListener('pointerdown', () => {
    if (document.activeElement === input) edit(true); // to place the cursor in the number
  });
  input.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') edit(false);
    else if (key === 'ArrowLeft' || key === 'ArrowRight') editing = true;
    else if (key === 'Enter') input.select();
  });
  input.addEventListener('blur', () => edit(false));
  input.addEventListener('change', async () => {
    const value = read();
    editing = false;
    if (Number.isNaN(value)) {
      show();
      return;
    }
    const before = live;
    // What was typed stands until a picture shows what became of it.
    live = value;
    if (!(await ask({ type: 'edit', ...place, value }))) live = before;
    show();
  });
  freeze.addEventListener('change', async () => {
    const frozen = freeze.checked;
    wish = frozen;
    if (!(await ask({ type: 'freeze', ...place, frozen }))) {
      wish = null;
      freeze.checked = !frozen;
    }
  });

  /** @type {Float32Array | null} */
  let weights = null;
  return {
    input,
    freeze,
    update({ gaps, frozen, experiment }, { picture }) {
      const index = weightIndex(gaps, place);
      if (index < 0) return false;
      const kept = frozen[index] === 1;
      if (wish === kept) wish = null; // granted, and told of by now
      freeze.checked = wish ?? kept;
      const newest = picture?.weights ?? null;
      if (newest && newest !== weights && newest.length === experiment.parameters) {
        weights = newest;
        live = Number(newest[index].toPrecision(5));
        show();
      }
      return true;
    },
  };
}

function errorLine() {
  return html('p', { class: 'field-error', role: 'alert', hidden: true });
}
