/**
 * Which class was answered for which: rows are the true classes, columns the answers.
 */
import { html, setText } from '../../lib/element.js';
import { percent, whole } from '../../lib/format.js';
import { t } from '../../lib/words.js';

/** @import {View} from '../../view.js' */
/** @import {PageState} from '../../store.js' */

const PARTS = [
  {
    label: t('Training'),
    caption: t('Training points by true class, row by row, and by the class that is answered'),
  },
  {
    label: t('Test'),
    caption: t('Test points by true class, row by row, and by the class that is answered'),
  },
];

/** With more classes than this there is no room for percentages; they are in each cell's title. */
const ROOMY = 4;

/**
 * @param {HTMLElement} root
 * @returns {View}
 */
export function mount(root) {
  const inputs = PARTS.map(() => html('input', { type: 'radio', name: 'confusion-of' }));
  const choice = html(
    'div',
    { class: 'segments', role: 'radiogroup', 'aria-label': t('Points counted') },
    ...inputs.map((input, index) => html('label', { class: 'segment' }, input, PARTS[index].label)),
  );
  const total = html('span', { class: 'confusion-total' });
  const place = html('div', {
    class: 'confusion-place',
    tabindex: 0,
    role: 'group',
    'aria-label': t('Counts'),
  });
  const reading = html('span', { class: 'confusion-reading' }, t('rows: true, columns: answered'));
  root.replaceChildren(html('div', { class: 'chart-keys' }, choice, reading, total), place);
  inputs[1].checked = true;
  let classes = '';
  /** @type {HTMLTableCellElement[][]} counts by row, each row's share of right answers at its end */
  let cells = [];
  const caption = html('caption', { class: 'visually-hidden' });
  /** @type {PageState | null} */
  let state = null;
  for (const input of inputs) input.addEventListener('change', draw);

  /** @param {string[]} names */
  function build(names) {
    const roomy = names.length <= ROOMY;
    cells = names.map((_, row) => [
      ...names.map((_, column) => html('td', { 'data-right': row === column })),
      html('td', { class: 'confusion-share' }),
    ]);
    for (const cell of cells.flat()) cell.append('', html('small', {}));
    const head = html(
      'tr',
      {},
      html('td', { class: 'confusion-corner' }),
      ...names.map((name) => html('th', { scope: 'col', title: name }, name)),
      html('th', { scope: 'col' }, t('right')),
    );
    const rows = names.map((name, row) =>
      html('tr', {}, html('th', { scope: 'row', title: name }, name), ...cells[row]),
    );
    place.replaceChildren(
      html(
        'table',
        { class: 'confusion', 'data-roomy': roomy },
        caption,
        html('thead', {}, head),
        html('tbody', {}, ...rows),
      ),
    );
  }

  function draw() {
    const { data, picture } = state ?? {};
    const names = data?.classes ?? [];
    const kinds = names.length;
    const counts = picture?.confusion;
    if (!data || !counts || counts.length !== 2 * kinds * kinds) return;
    if (classes !== JSON.stringify(names)) {
      classes = JSON.stringify(names);
      build(names);
    }
    const which = inputs[1].checked ? 1 : 0;
    const offset = which * kinds * kinds;
    let points = 0;
    let right = 0;
    cells.forEach((row, truth) => {
      const numbers = names.map((_, answer) => counts[offset + truth * kinds + answer]);
      const sum = numbers.reduce((a, b) => a + b, 0);
      points += sum;
      right += numbers[truth];
      numbers.forEach((count, answer) => {
        const share = sum ? count / sum : 0;
        write(row[answer], whole(count), kinds <= ROOMY ? percent(share, 0) : '', share);
        row[answer].title = t('{count} of {sum} of class {truth} are answered {answer} ({share})', {
          count,
          sum,
          truth: names[truth],
          answer: names[answer],
          share: percent(share),
        });
      });
      write(row[kinds], sum ? percent(numbers[truth] / sum, kinds <= ROOMY ? 1 : 0) : '–', '', 0);
    });
    setText(caption, PARTS[which].caption);
    setText(total, points ? t('{right} of {points} right', { right, points }) : t('no points'));
  }

  return {
    update(newState) {
      state = newState;
      draw();
    },
    destroy() {
      root.replaceChildren();
    },
  };
}

/**
 * @param {HTMLTableCellElement} cell
 * @param {string} text
 * @param {string} small - beside it
 * @param {number} share - 0 to 1: how strong its colour is
 */
function write(cell, text, small, share) {
  const [first, second] = cell.childNodes;
  if (first.nodeValue !== text) first.nodeValue = text;
  setText(/** @type {Element} */ (second), small);
  cell.style.setProperty('--share', share.toFixed(3));
}
