/**
 * Every control that a link can hide, by the name that it has there.
 */
import { t } from './words.js';

/** @import {Choices} from '../catalogue.js' */
/** @import {Input} from '../protocol.js' */

/** @typedef {{name: string, label: string}} Control */
/** @typedef {{label: string, controls: Control[]}} ControlGroup */

/** What has a setting of its own, but its control elsewhere. */
const SEEDS_OF_DATA = ['data_seed', 'split_seed'];

/**
 * @param {Choices} choices
 * @param {Input[]} offered - what the network can be fed
 * @returns {ControlGroup[]}
 */
export function controlGroups(choices, offered) {
  /** @param {...string} groups */
  const settings = (...groups) =>
    choices.settings
      .filter(({ name, group }) => groups.includes(group ?? '') && !SEEDS_OF_DATA.includes(name))
      .map(({ name, label }) => ({ name, label }));
  const features = choices.entries(choices.setting('features').registry ?? '');
  const columns = offered.filter(({ kind }) => kind === 'column');
  return [
    {
      label: t('Training'),
      controls: [
        { name: 'play', label: t('Play') },
        { name: 'step', label: t('Step') },
        { name: 'reset', label: t('Reset') },
        { name: 'speed', label: t('Speed') },
        { name: 'new_weights', label: t('New weights') },
        ...settings('training', 'stop', 'chance'),
      ],
    },
    {
      label: t('Data'),
      controls: [
        { name: 'dataset', label: t('Data set') },
        { name: 'own_table', label: t('Your own table') },
        { name: 'own_points', label: t('Your own points') },
        { name: 'new_points', label: t('New points') },
        ...settings('data'),
        ...SEEDS_OF_DATA.map((name) => ({ name, label: choices.setting(name).label })),
      ],
    },
    {
      label: t('Network'),
      controls: [
        { name: 'layers', label: t('Number of hidden layers') },
        { name: 'neurons', label: t('Number of neurons in a layer') },
        { name: 'layer_settings', label: t('Settings of a single layer') },
        ...settings('network'),
      ],
    },
    {
      label: t('Inputs'),
      controls: [
        ...features.map(({ name, label }) => ({ name: `input.${name}`, label })),
        ...columns.map(({ name, label }) => ({ name: `input.${name}`, label })),
        { name: 'formulas', label: t('Formulas') },
      ],
    },
    {
      label: t('Output'),
      controls: [
        { name: 'show_test', label: t('Show test data') },
        { name: 'discretize', label: t('Discretize output') },
        { name: 'mark_wrong', label: t('Mark wrong points') },
        ...settings('picture'),
        { name: 'charts', label: t('Charts') },
        { name: 'save', label: t('Saving pictures and numbers') },
      ],
    },
    {
      label: t('Page'),
      controls: [
        { name: 'theme', label: t('Light and dark') },
        { name: 'runs', label: t('Saved runs') },
      ],
    },
  ];
}

/**
 * Return which of these names a link can hide.
 *
 * @param {string[]} names
 * @param {Choices} choices
 * @returns {{known: string[], unknown: string[]}}
 */
export function sortedNames(names, choices) {
  const all = new Set(controlGroups(choices, []).flatMap(({ controls }) => controls.map(({ name }) => name)));
  /** @param {string} name */
  const isKnown = (name) => all.has(name) || /^input\.\d+$/.test(name); // a measurement, of whatever data
  const unique = [...new Set(names.filter(Boolean))];
  return { known: unique.filter(isKnown), unknown: unique.filter((name) => !isKnown(name)) };
}
