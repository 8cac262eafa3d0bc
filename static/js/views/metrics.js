/**
 * Loss and accuracy on both halves of the data; for regression R² and the mean absolute error.
 */
import { part, setText } from '../lib/element.js';
import { fixed, percent } from '../lib/format.js';
import { t } from '../lib/words.js';

/** @import {View} from '../view.js' */

/** Outputs in the order in which a picture carries their numbers. */
const OUTPUTS = [
  'training-loss',
  'test-loss',
  'training-accuracy',
  'test-accuracy',
  'training-error',
  'test-error',
];

/**
 * @param {HTMLElement} root
 * @returns {View}
 */
export function mount(root) {
  const outputs = OUTPUTS.map((name) => part(root, `#${name}`, HTMLOutputElement));
  const labels = OUTPUTS.map((name) => part(root, `[for="${name}"]`, HTMLElement));

  return {
    update({ picture, experiment }) {
      const regression = experiment?.problem === 'regression';
      root.toggleAttribute('data-regression', regression);
      setText(labels[2], regression ? t('Training R²') : t('Training accuracy'));
      setText(labels[3], regression ? t('Test R²') : t('Test accuracy'));
      outputs.forEach((output, index) => {
        const value = picture?.losses?.[index] ?? NaN;
        const isShare = !regression && index >= 2;
        setText(output, isShare ? percent(value) : fixed(value));
      });
    },
    destroy() {},
  };
}
