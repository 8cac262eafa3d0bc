/**
 * The bar at the top: play, pause, step, reset, how far and how fast training is.
 */
import { html, part, setText } from '../lib/element.js';
import { number, whole } from '../lib/format.js';
import { t } from '../lib/words.js';

/** @import {PaceDescription, State, Step} from '../protocol.js' */
/** @import {View, Context} from '../view.js' */

/** @type {{unit: Step['unit'], label: string, title: string}[]} */
const STEPS = [
  { unit: 'sample', label: t('sample'), title: t('Step: train on one sample, then pause') },
  {
    unit: 'batch',
    label: t('batch'),
    title: t('Step: train on one batch, which is one update, then pause'),
  },
  { unit: 'epoch', label: t('epoch'), title: t('Step: train to the end of the epoch, then pause') },
];

/**
 * @param {HTMLElement} root
 * @param {Context} context
 * @returns {View}
 */
export function mount(root, { choices, actions }) {
  const play = part(root, '.play-button', HTMLButtonElement);
  const reset = part(root, '.reset-button', HTMLButtonElement);
  const step = part(root, '.step-button', HTMLButtonElement);
  const stepUnit = part(root, '.step-unit', HTMLSelectElement);
  const epoch = part(root, '.epoch-count', HTMLOutputElement);
  const inEpoch = part(root, '.epoch-within', HTMLElement);
  const progress = part(inEpoch, '.epoch-progress', HTMLElement);
  const measured = part(root, '.pace-measured', HTMLElement);
  const select = part(root, '.pace-select', HTMLSelectElement);
  let playing = false;
  /** @type {PaceDescription[]} what the menu shows */
  let paces = [];

  stepUnit.append(...STEPS.map(({ label }) => html('option', {}, label)));
  stepUnit.selectedIndex = STEPS.findIndex(({ unit }) => unit === 'epoch');
  const chosenStep = () => STEPS[stepUnit.selectedIndex];
  stepUnit.addEventListener('change', () => {
    step.title = chosenStep().title;
  });

  play.addEventListener('click', () => actions.command({ type: playing ? 'pause' : 'play' }));
  reset.addEventListener('click', () => actions.command({ type: 'reset' }));
  step.addEventListener('click', () => actions.command({ type: 'step', unit: chosenStep().unit }));
  select.addEventListener('change', () => {
    const { per_second: perSecond, unit } = paces[select.selectedIndex];
    void actions.command({ type: 'pace', per_second: perSecond, unit });
  });

  /**
   * @param {number | null} perSecond
   * @param {State['pace_unit']} unit
   */
  function showPace(perSecond, unit) {
    /** @param {PaceDescription} pace */
    const isIt = (pace) => pace.per_second === perSecond && (perSecond === null || pace.unit === unit);
    // A script or another browser may have chosen a speed that is not on offer.
    const pace = number(perSecond ?? 0);
    const label = unit === 'step' ? t('{pace} updates/s', { pace }) : t('{pace} epochs/s', { pace });
    const own = { per_second: perSecond, unit, label };
    const offered = choices.paces.some(isIt) ? choices.paces : [own, ...choices.paces];
    if (offered.length !== paces.length || offered[0].label !== paces[0].label) {
      select.replaceChildren(...offered.map(({ label }) => html('option', {}, label)));
    }
    paces = offered;
    const index = paces.findIndex(isIt);
    if (select.selectedIndex !== index) select.selectedIndex = index;
  }
  showPace(null, 'epoch');

  return {
    update({ run, data, picture, connection }) {
      playing = run?.playing ?? false;
      const pictured = picture && run ? Math.max(picture.epoch, playing ? 0 : run.epoch) : (run?.epoch ?? 0);
      play.title = playing ? t('Pause') : t('Play');
      play.setAttribute('aria-label', play.title);
      play.dataset.playing = String(playing);
      play.toggleAttribute('data-inviting', run !== null && !playing && !run.stopped && run.step === 0);
      for (const button of [play, reset, step]) button.disabled = connection !== 'open';
      setText(epoch, whole(pictured));
      // At full speed the number would only flicker.
      const seen = (playing ? run?.pace_unit === 'step' && picture?.samplesSeen : run?.samples_seen) || 0;
      inEpoch.hidden = seen === 0;
      setText(progress, t('{seen} of {count}', { seen, count: data?.train.count ?? 0 }));
      if (run) showPace(run.pace, run.pace_unit);
      const pace = playing ? (picture?.epochsPerSecond ?? 0) : 0;
      setText(
        measured,
        playing && run?.pace_unit !== 'step'
          ? t('{pace}/s', { pace: pace >= 100 ? whole(roundedPace(pace)) : number(pace, 2) })
          : '',
      );
    },
    destroy() {},
  };
}

/**
 * Two digits of a pace that is never the same twice are all that can be read.
 *
 * @param {number} pace
 */
function roundedPace(pace) {
  const grain = 10 ** (Math.floor(Math.log10(pace)) - 1);
  return Math.round(pace / grain) * grain;
}
