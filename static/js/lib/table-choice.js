/**
 * What to make of a table: which column is predicted from which others, and what that means for the network.
 */
import { t, tn } from './words.js';

/** @import {ColumnPreview, TableChoice, TablePreview} from '../protocol.js' */

/** Most inputs that one category becomes, and a network has; the server has the same, and a test compares. */
export const MAX_CATEGORIES = 12;
export const MAX_INPUTS = 128;

/**
 * @param {ColumnPreview} column
 * @returns {string[]} what it can be used as; nothing if it is no more than a remark
 */
export function kindsOf(column) {
  return [...(column.can_be_number ? ['number'] : []), ...(column.can_be_category ? ['category'] : [])];
}

/**
 * @param {ColumnPreview} column
 * @returns {boolean}
 */
export function canBeTarget(column) {
  return column.can_be_number || column.can_be_target_class;
}

/**
 * Return the choice with another column to predict; what was predicted before becomes an input, if it can be one.
 *
 * @param {TablePreview} preview
 * @param {TableChoice} choice
 * @param {number} target
 * @returns {TableChoice}
 */
export function withTarget({ columns }, choice, target) {
  const inputs = choice.inputs.filter((index) => index !== target);
  if (columns[choice.target].kind !== 'text' && choice.target !== target) inputs.push(choice.target);
  const kinds = [...choice.kinds];
  if (kinds[target] === 'category' && !columns[target].can_be_target_class) kinds[target] = 'number';
  return { ...choice, target, kinds, inputs: inputs.sort((a, b) => a - b) };
}

/**
 * @param {TableChoice} choice
 * @param {number} column
 * @param {boolean} yes - whether the network is to be shown it
 * @returns {TableChoice}
 */
export function withInput(choice, column, yes) {
  const others = choice.inputs.filter((index) => index !== column);
  return { ...choice, inputs: yes ? [...others, column].sort((a, b) => a - b) : others };
}

/**
 * @param {TablePreview} preview
 * @param {TableChoice} choice
 * @returns {number[]} the columns that can be inputs
 */
export function possibleInputs({ columns }, { target }) {
  return columns.flatMap((column, index) => (index !== target && kindsOf(column).length > 0 ? [index] : []));
}

/**
 * Say what the network would learn.
 *
 * @param {TablePreview} preview
 * @param {TableChoice} choice
 * @returns {{sentence: string, possible: boolean}}
 */
export function summary({ columns }, { target, inputs, kinds, missing }) {
  const { name, distinct, can_be_target_class: canBeClass } = columns[target];
  const category = kinds[target] === 'category';
  if (category && !canBeClass) {
    const sentence = tn(
      '{name} has {n} different value; a class to predict has 2 to 10.',
      '{name} has {n} different values; a class to predict has 2 to 10.',
      distinct,
      { name },
    );
    return { sentence, possible: false };
  }
  if (inputs.length === 0) {
    return { sentence: t('Choose at least one column to predict {name} from.', { name }), possible: false };
  }
  const count = inputs.reduce((sum, index) => sum + inputsOf(columns[index], kinds[index]), 0);
  // Rows that are left out may be the only ones of a category.
  const atMost = missing === 'drop' && inputs.some((index) => kinds[index] === 'category');
  const outcome = {
    what: category
      ? tn('{name} ({n} class)', '{name} ({n} classes)', distinct, { name })
      : t('{name} (a number)', { name }),
    columns: tn('{n} column', '{n} columns', inputs.length),
    inputs: atMost ? tn('up to {n} input', 'up to {n} inputs', count) : tn('{n} input', '{n} inputs', count),
    most: MAX_INPUTS,
  };
  if (count <= MAX_INPUTS) {
    return { sentence: t('Predicts {what} from {columns} = {inputs}.', outcome), possible: true };
  }
  const sentence = t(
    '{columns} = {inputs}; at most {most} are accepted. Leave out categories with many values.',
    outcome,
  );
  return { sentence, possible: false };
}

/**
 * @param {ColumnPreview} column
 * @param {string} kind
 */
function inputsOf({ distinct }, kind) {
  return kind === 'number' ? 1 : Math.min(distinct, MAX_CATEGORIES);
}
