/**
 * What a report needs to know beside the run, which is a title and whose it is; and its making.
 */
import { html, setText } from '../../lib/element.js';
import { fileName, saveFile } from '../../lib/save-picture.js';
import { t } from '../../lib/words.js';

/** @import {PageState} from '../../store.js' */
/** @import {Context} from '../../view.js' */
/** @import {ReportPictures} from '../../lib/report.js' */

/** How long to wait for what is not measured all the time. */
const MEASURED_MS = 4000;

const LONGEST = 120;

/**
 * @param {Context} context
 * @param {() => PageState | null} present
 * @returns {{button: HTMLButtonElement, element: HTMLElement}} what unfolds the form, and the form
 */
export function createReportForm(context, present) {
  const button = html(
    'button',
    { type: 'button', class: 'text-button', 'aria-expanded': 'false', 'aria-controls': 'runs-report' },
    t('Report…'),
  );
  const title = field('runs-report-title', t('Title'));
  const author = field('runs-report-author', t('Your name'));
  const save = html('button', { class: 'text-button runs-save-button' }, t('Save report'));
  const refused = html('p', { class: 'field-error', role: 'alert' });
  const element = html(
    'form',
    { class: 'runs-report', id: 'runs-report', hidden: true },
    html(
      'p',
      { class: 'runs-hint' },
      t('One file to hand in or to print: settings, pictures, curves and numbers of the present run.'),
    ),
    title.element,
    author.element,
    save,
    refused,
  );

  button.addEventListener('click', () => {
    element.hidden = !element.hidden;
    button.setAttribute('aria-expanded', String(!element.hidden));
    if (!element.hidden) title.input.focus();
  });
  element.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (save.disabled) return;
    save.disabled = true;
    setText(refused, '');
    try {
      await make(title.input.value.trim(), author.input.value.trim());
    } catch (error) {
      setText(refused, t('The report could not be made. Try again.'));
      throw error;
    } finally {
      save.disabled = false;
    }
  });

  /**
   * @param {string} heading
   * @param {string} by
   */
  async function make(heading, by) {
    const { choices, drawings } = context;
    const { report } = await import('../../lib/report.js');
    const [network, output, curves] = await Promise.all([
      drawings.network?.(),
      drawings.output?.(),
      drawings.curves?.(),
    ]);
    const confusion = await counted(context, present);
    const state = present();
    if (!state?.experiment) return;
    const pictures = onPaper(() => ({
      network: network?.() ?? [],
      output: output?.() ?? [],
      curves: curves?.() ?? [],
    }));
    const text = report(state, choices, pictures, {
      title: heading,
      author: by,
      confusion,
      made: new Date(),
    });
    const name = fileName(heading || state.experiment.data_label, by || t('report'));
    saveFile(new Blob([text], { type: 'text/html' }), `${name}.html`);
  }

  return { button, element };
}

/**
 * Draw in the colours of paper, whatever the theme: as for a print, and over before the screen shows any of it.
 *
 * @param {() => ReportPictures} draw
 * @returns {ReportPictures}
 */
function onPaper(draw) {
  window.dispatchEvent(new Event('beforeprint'));
  try {
    return draw();
  } finally {
    window.dispatchEvent(new Event('afterprint'));
  }
}

/**
 * @param {string} id
 * @param {string} label
 */
function field(id, label) {
  const input = html('input', { id, class: 'field-number', maxlength: LONGEST, autocomplete: 'off' });
  const element = html('div', {}, html('label', { class: 'field-label', for: id }, label), input);
  return { element, input };
}

/**
 * Return the confusion matrix, which is not counted all the time.
 *
 * @param {Context} context
 * @param {() => PageState | null} present
 * @returns {Promise<Float32Array | null>} null where there is none, or it does not come
 */
async function counted({ actions }, present) {
  const now = () => present()?.picture?.confusion ?? null;
  if (now() || present()?.experiment?.problem === 'regression') return now();
  actions.want('confusion', true);
  const end = performance.now() + MEASURED_MS;
  while (!now() && performance.now() < end) await new Promise(requestAnimationFrame);
  actions.want('confusion', false);
  return now();
}
