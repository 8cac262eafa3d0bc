/**
 * The output as a small picture, to know a run by.
 */
import { context2d } from '../../lib/canvas.js';
import { html } from '../../lib/element.js';
import { drawSamples } from './points.js';
import { createSurface, curvePoints, strokeCurve } from './surface.js';

/** @import {Palette} from '../../palette.js' */
/** @import {PageState} from '../../store.js' */

/** CSS pixels along each side: drawn as on the page, then made smaller, so that points are not blots. */
const DRAWN = 380;

/** Pixels along each side of the picture. */
const SIDE = 160;

/**
 * @param {PageState} state
 * @param {Palette} palette
 * @returns {string} a data URL, or "" while there is nothing to see
 */
export function thumbnail(state, palette) {
  const { data, picture } = state;
  if (!data || !picture) return '';
  const small = context2d(html('canvas', { width: SIDE, height: SIDE }));
  const surface = html('canvas');
  createSurface(surface, () => palette)(state, null, DRAWN);
  small.fillStyle = palette.value(0);
  small.fillRect(0, 0, SIDE, SIDE);
  small.drawImage(surface, 0, 0, SIDE, SIDE);
  const scale = SIDE / DRAWN;
  small.setTransform(scale, 0, 0, scale, 0, 0);
  drawSamples(small, data.train, data, DRAWN, palette, false, () => true);
  if (picture.curve) strokeCurve(small, curvePoints(state), DRAWN, palette);
  return small.canvas.toDataURL('image/webp', 0.85);
}
