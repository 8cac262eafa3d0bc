import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

/**
 * How colours reach a person without one kind of cone, as matrices over linear light: Machado, Oliveira and Fernandes,
 * "A physiologically-based model for simulation of color vision deficiency" (2009), severity 1.
 *
 * @type {Record<string, number[][]>}
 */
const EYES = {
  'common vision': [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const tokens = readFileSync(new URL('../../static/css/tokens.css', import.meta.url), 'utf8');

/**
 * @param {string} name
 * @param {number} theme - 0 for light, 1 for dark
 * @returns {number[]} red, green, blue, each from 0 to 1, of linear light
 */
function colorOf(name, theme) {
  const value = new RegExp(`--${name}: (.*);`).exec(tokens)?.[1] ?? '';
  const alias = /^var\(--(.*)\)$/.exec(value);
  if (alias) return colorOf(alias[1], theme);
  const hex = [...value.matchAll(/#([0-9a-f]{6})/g)][theme][1];
  return [0, 2, 4].map((at) => {
    const share = parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
}

/**
 * @param {number[]} color - of linear light
 * @returns {number[]} CIELAB, D65
 */
function lab(color) {
  const [x, y, z] = times(
    [
      [0.4124564, 0.3575761, 0.1804375],
      [0.2126729, 0.7151522, 0.072175],
      [0.0193339, 0.119192, 0.9503041],
    ],
    color,
  ).map((value, at) => {
    const share = value / [0.95047, 1, 1.08883][at];
    return share > 216 / 24389 ? Math.cbrt(share) : (24389 / 27 / 116) * share + 16 / 116;
  });
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/**
 * @param {number[][]} matrix
 * @param {number[]} vector
 */
const times = (matrix, vector) =>
  matrix.map((row) => row.reduce((sum, factor, at) => sum + factor * vector[at], 0));

/**
 * @param {number[]} one
 * @param {number[]} other
 * @param {number[][]} eye
 * @returns {number} ΔE (CIE 1976) as that eye sees them; about 2 can just be told apart side by side
 */
function apart(one, other, eye) {
  const seen = [one, other].map((color) =>
    lab(times(eye, color).map((share) => Math.min(1, Math.max(0, share)))),
  );
  return Math.hypot(...seen[0].map((value, at) => value - seen[1][at]));
}

for (const [theme, themeName] of ['light', 'dark'].entries()) {
  const classes = Array.from({ length: 10 }, (_, index) => colorOf(`class-${index + 1}`, theme));
  for (const [name, eye] of Object.entries(EYES)) {
    test(`${themeName}, ${name}: the two ends of the values, which are the first two classes, are far apart`, () => {
      assert.ok(apart(classes[0], classes[1], eye) > 50);
      for (const end of [classes[0], classes[1]]) {
        assert.ok(apart(end, colorOf('value-zero', theme), eye) > 30);
      }
    });

    test(`${themeName}, ${name}: ten classes are told apart`, () => {
      classes.forEach((one, index) => {
        classes.slice(0, index).forEach((other, before) => {
          const distance = apart(one, other, eye);
          assert.ok(distance > 10, `classes ${before + 1} and ${index + 1}: ${distance.toFixed(1)}`);
        });
      });
    });
  }
}

test('what the model must leave alone, it leaves alone', () => {
  for (const eye of Object.values(EYES)) {
    assert.ok(apart([0.5, 0.5, 0.5], [0.5, 0.5, 0.5], eye) === 0);
    const grey = times(eye, [0.5, 0.5, 0.5]);
    assert.ok(grey.every((share) => Math.abs(share - 0.5) < 0.001));
  }
  // Red and green of one lightness are one colour to who lacks the green cone, and two to others.
  const [red, green] = [
    [0.5, 0.05, 0.05],
    [0.13, 0.2, 0.05],
  ];
  assert.ok(apart(red, green, EYES.deuteranopia) < apart(red, green, EYES['common vision']) / 3);
});
