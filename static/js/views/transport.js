/**
 * The bar at the top: play, pause, step, reset, how far and how fast training is.
 */
import { html, part, setText } from '../lib/element.js';
import { number, whole } from '../lib/format.js';

/** @import {View, Context} from '../view.js' */

/**
 * @param {HTMLElement} root
 * @param {Context} context
 * @returns {View}
 */
export function mount(root, { choices, actions }) {
  const play = part(root, '.play-button', HTMLButtonElement);
  const reset = part(root, '.reset-button', HTMLButtonElement);
  const step = part(root, '.step-button', HTMLButtonElement);
  const epoch = part(root, '.epoch-count', HTMLOutputElement);
  const measured = part(root, '.pace-measured', HTMLElement);
  const select = part(root, '.pace-select', HTMLSelectElement);
  let playing = false;
  /** @type {(number | null)[]} what the menu shows, in epochs a second; null is as fast as the machine can */
  let paces = [];

  play.addEventListener('click', () => actions.command({ type: playing ? 'pause' : 'play' }));
  reset.addEventListener('click', () => actions.command({ type: 'reset' }));
  step.addEventListener('click', () => actions.command({ type: 'step' }));
  select.addEventListener('change', () => {
    void actions.command({ type: 'pace', epochs_per_second: paces[select.selectedIndex] });
  });

  /** @param {number | null} pace */
  function showPace(pace) {
    const offered = [...new Set([...choices.paces, pace, null])].sort(byPace);
    if (offered.length !== paces.length || offered.some((value, index) => value !== paces[index])) {
      select.replaceChildren(...offered.map((value) => html('option', {}, paceLabel(value))));
      paces = offered;
    }
    const index = paces.indexOf(pace);
    if (select.selectedIndex !== index) select.selectedIndex = index;
  }
  showPace(null);

  return {
    update({ run, picture, connection }) {
      playing = run?.playing ?? false;
      const pictured = picture && run ? Math.max(picture.epoch, playing ? 0 : run.epoch) : (run?.epoch ?? 0);
      play.setAttribute('aria-label', playing ? 'Pause' : 'Play');
      play.title = playing ? 'Pause' : 'Play';
      play.dataset.playing = String(playing);
      play.toggleAttribute('data-inviting', run !== null && !playing && !run.stopped && run.step === 0);
      for (const button of [play, reset, step]) button.disabled = connection !== 'open';
      setText(epoch, whole(pictured));
      if (run) showPace(run.epochs_per_second);
      const pace = playing ? (picture?.epochsPerSecond ?? 0) : 0;
      setText(measured, playing ? `${pace >= 100 ? whole(roundedPace(pace)) : number(pace, 2)}/s` : '');
    },
    destroy() {},
  };
}

/**
 * @param {number | null} a
 * @param {number | null} b
 */
function byPace(a, b) {
  return (a ?? Infinity) - (b ?? Infinity);
}

/** @param {number | null} pace */
function paceLabel(pace) {
  if (pace === null) return 'As fast as possible';
  return pace === 1 ? '1 epoch/s' : `${whole(pace)} epochs/s`;
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
