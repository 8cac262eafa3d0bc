/**
 * Loss and accuracy on both halves of the data.
 */
import { part, setText } from '../lib/element.js';
import { fixed, percent } from '../lib/format.js';

/** @import {View} from '../view.js' */

/** Outputs in the order in which a picture carries their numbers. */
const OUTPUTS = ['training-loss', 'test-loss', 'training-accuracy', 'test-accuracy'];

/**
 * @param {HTMLElement} root
 * @returns {View}
 */
export function mount(root) {
  const outputs = OUTPUTS.map((name) => part(root, `.metric-${name}`, HTMLOutputElement));
  const labels = OUTPUTS.slice(2).map((name) => part(root, `.metric-${name}-label`, HTMLElement));

  return {
    update({ picture, experiment }) {
      const regression = experiment?.problem === 'regression';
      setText(labels[0], regression ? 'Training R²' : 'Training accuracy');
      setText(labels[1], regression ? 'Test R²' : 'Test accuracy');
      outputs.forEach((output, index) => {
        const value = picture?.losses?.[index] ?? NaN;
        setText(output, index < 2 || regression ? fixed(value) : percent(value));
      });
    },
    destroy() {},
  };
}
