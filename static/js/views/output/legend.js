/**
 * What the colours stand for; while points are placed by hand, also the choice of what they are.
 */
import { context2d } from '../../lib/canvas.js';
import { html, setText } from '../../lib/element.js';
import { chosen, number } from '../../lib/format.js';
import { classMark } from '../../lib/legend.js';
import { t } from '../../lib/words.js';

/** @import {Context} from '../../view.js' */
/** @import {PageState, PlaneData} from '../../store.js' */

/**
 * @param {HTMLElement} root
 * @param {Context} context
 * @returns {(state: PageState) => void} draws it
 */
export function createLegend(root, { actions, palette }) {
  /** @type {PageState | null} */
  let shown = null;
  /** @type {(brush: number) => void} */
  let mark = () => {};

  /**
   * @param {PlaneData} data
   * @param {boolean} choosing
   */
  function drawClasses(data, choosing) {
    const inputs = data.classes.map((label, kind) => {
      const name = html('span', { class: 'legend-name', title: label }, label);
      const input = html('input', { type: 'radio', name: 'brush', class: 'tool-input' });
      input.addEventListener('change', () => actions.show({ brush: kind }));
      const parts = [classMark(kind, palette().classes), name];
      root.append(
        choosing
          ? html('label', { class: 'legend-item legend-choice' }, input, ...parts)
          : html('span', { class: 'legend-item' }, ...parts),
      );
      return input;
    });
    mark = (brush) => inputs.forEach((input, kind) => (input.checked = kind === brush));
  }

  /**
   * @param {PlaneData} data
   * @param {boolean} choosing
   */
  function drawValues({ valueRange: [low, high], target }, choosing) {
    const bar = html('canvas', { class: 'legend-bar', width: 256, height: 1, 'aria-hidden': 'true' });
    const image = new ImageData(256, 1);
    new Uint32Array(image.data.buffer).set(palette().diverging);
    context2d(bar).putImageData(image, 0, 0);
    const ends = [low, high].map((end) => html('span', {}, number(end, 2)));
    if (!choosing) {
      root.append(ends[0], bar, ends[1]);
      return;
    }
    const slider = html('input', {
      type: 'range',
      class: 'legend-brush',
      min: low,
      max: high,
      step: (high - low) / 40,
      'aria-label': t('{target} of new points', { target }),
    });
    const value = html('output', { class: 'legend-value' });
    slider.addEventListener('input', () => actions.show({ brush: slider.valueAsNumber }));
    root.append(value, ends[0], html('span', { class: 'legend-scale' }, bar, slider), ends[1]);
    mark = (brush) => {
      if (slider.valueAsNumber !== brush) slider.value = String(brush);
      setText(value, chosen(Number(brush.toPrecision(3))));
    };
  }

  return (state) => {
    const old = shown;
    shown = state;
    const { data, tool, brush, paletteVersion } = state;
    if (
      old?.data === data &&
      old.tool === tool &&
      old.brush === brush &&
      old.paletteVersion === paletteVersion
    )
      return;
    const choosing = tool === 'add' && Boolean(data?.editable);
    const same =
      old?.paletteVersion === paletteVersion &&
      choosing === (old.tool === 'add' && Boolean(old.data?.editable)) &&
      old.data?.classes.join('\n') === data?.classes.join('\n') &&
      old.data?.valueRange.join() === data?.valueRange.join() &&
      old.data?.curve === data?.curve;
    if (!same) {
      root.replaceChildren();
      mark = () => {};
      if (choosing && data?.classes.length) {
        root.setAttribute('role', 'radiogroup');
        root.setAttribute('aria-label', t('Class of new points'));
      } else {
        root.removeAttribute('role');
        root.removeAttribute('aria-label');
      }
      root.toggleAttribute('data-crowded', (data?.classes.length ?? 0) > 4);
      if (data?.classes.length) drawClasses(data, choosing);
      else if (data && !data.curve) drawValues(data, choosing);
    }
    if (choosing) mark(brush);
  };
}

/**
 * @param {number} brush
 * @param {PlaneData} data
 * @returns {number} the same class or value, or one that these data have
 */
export function fittingBrush(brush, { classes, valueRange: [low, high] }) {
  if (classes.length > 0) return Number.isInteger(brush) && brush >= 0 && brush < classes.length ? brush : 0;
  return Math.min(high, Math.max(low, brush));
}
