/**
 * The colours of data, values and classes, read from the style sheet's tokens and made into tables for canvases.
 */
import { css, gradient, parseColor, pixel } from './lib/color.js';

/** @import {Color} from './lib/color.js' */

/**
 * @typedef {Object} Palette
 * @property {Uint32Array} diverging - pixels for 0 to 255, where the middle is 0
 * @property {Uint32Array} divergingSteps - the same in few even steps
 * @property {Uint32Array} twoClasses - pixels for the likelier of two classes, by the probability of the second
 * @property {(kind: number, classes: number) => Uint32Array} confidence - pixels for a class's probability from 0 to
 *   255, where it is one of so many classes
 * @property {number[]} classPixels - one pixel for each class, whatever its probability
 * @property {string[]} classes - full colour of each class, CSS
 * @property {(share: number) => string} value - CSS colour of a value from -1 to 1
 * @property {(share: number) => string} weight - the same for lines, whose zero can be seen on the page
 * @property {string} paper
 * @property {string} ink
 * @property {string} muted
 * @property {string} line
 * @property {string} accent
 */

const CLASSES = 10;
const SHADES = 128;
const STEPS = 8;

/** How much of the full colour a surface takes, so that points in full colour stand out on it. */
const SURFACE = 0.78;

/**
 * @param {HTMLElement} root - where the tokens are in force
 * @returns {Palette}
 */
export function readPalette(root) {
  const probe = document.createElement('span');
  probe.hidden = true;
  probe.style.setProperty('forced-color-adjust', 'none'); // a map of one colour says nothing
  root.append(probe);
  /** @param {string} name */
  const token = (name) => {
    probe.style.color = `var(--${name})`;
    return parseColor(getComputedStyle(probe).color);
  };
  const negative = token('value-negative');
  const zero = token('value-zero');
  const positive = token('value-positive');
  const classes = Array.from({ length: CLASSES }, (_, index) => token(`class-${index + 1}`));
  const lineZero = token('weight-zero');
  const paper = token('paper');
  const named = { ink: token('ink'), muted: token('muted'), line: token('line'), accent: token('accent') };
  probe.remove();

  /**
   * @param {Color} middle
   * @param {number} strength - how much of the full colours its ends have
   * @returns {(share: number) => Color} for -1 to 1
   */
  function diverging(middle, strength) {
    const down = gradient(middle, negative);
    const up = gradient(middle, positive);
    return (share) => (share < 0 ? down : up)(Math.abs(share) * strength);
  }
  const onSurface = diverging(zero, SURFACE);
  const toClass = classes.map((color) => gradient(zero, color));
  /** @type {Map<string, Uint32Array>} */
  const confidence = new Map();

  return {
    diverging: table((index) => onSurface((index - 127.5) / 127.5)),
    divergingSteps: table((index) => {
      const step = Math.min(STEPS - 1, Math.floor((index / 256) * STEPS));
      return onSurface(((step + 0.5) / STEPS) * 2 - 1);
    }),
    twoClasses: table((index) => onSurface(index < 128 ? -0.85 : 0.85)),
    confidence(kind, count) {
      const at = kind % classes.length;
      const key = `${at} of ${count}`;
      const found =
        confidence.get(key) ?? table((index) => toClass[at](confidenceShade(index / 255, count) * SURFACE));
      confidence.set(key, found);
      return found;
    },
    classPixels: toClass.map((color) => pixel(color(0.85 * SURFACE))),
    classes: classes.map(css),
    value: shades(diverging(zero, 1)),
    weight: shades(diverging(lineZero, 1)),
    paper: css(paper),
    ink: css(named.ink),
    muted: css(named.muted),
    line: css(named.line),
    accent: css(named.accent),
  };
}

/**
 * Return how strongly a class's colour shows: a third is no knowledge at all among three classes, and looks so.
 *
 * @param {number} probability
 * @param {number} classes
 * @returns {number} 0 to 1
 */
function confidenceShade(probability, classes) {
  const guess = 1 / classes;
  return Math.min(1, Math.max(0.06, (probability - guess) / (0.96 - guess)));
}

/**
 * @param {(index: number) => Color} color
 * @returns {Uint32Array}
 */
function table(color) {
  return Uint32Array.from({ length: 256 }, (_, index) => pixel(color(index)));
}

/**
 * @param {(share: number) => Color} color - for -1 to 1
 * @returns {(share: number) => string}
 */
function shades(color) {
  const found = Array.from({ length: 2 * SHADES + 1 }, (_, index) => css(color((index - SHADES) / SHADES)));
  return (share) => found[Math.round(Math.min(1, Math.max(-1, share)) * SHADES) + SHADES];
}
