/**
 * The page's state, in one place; it flows from here down to the views.
 */

/** @import {Experiment, Input, Mark, Refusal, State} from './protocol.js' */
/** @import {Picture} from './lib/picture.js' */
/** @import {History} from './lib/history.js' */
/** @import {Points} from './lib/points.js' */

/**
 * @typedef {Object} PlaneData - the data set as drawn
 * @property {string[]} classes
 * @property {string[]} columns - every measurement
 * @property {string} target - what is to be predicted
 * @property {string} projection - how samples become points of the picture
 * @property {string[]} axes
 * @property {boolean} curve - whether there is one input, so that y is the target
 * @property {number[][]} domain - [[x_low, x_high], [y_low, y_high]]
 * @property {number[]} valueRange
 * @property {string} slice
 * @property {boolean} editable - whether points can be placed by hand
 * @property {number} drawnFrom - samples of this number or a greater one were placed by hand
 * @property {Points} train
 * @property {Points} test
 * @property {Input[]} offered - all that the network can be fed
 * @property {number} inputSide - pixels along each side of an input's map
 * @property {Uint8Array} inputMaps - squares of pixels, 128 is 0: of every input that is offered
 * @property {Float32Array} inputScales - what 255 stands for in each
 */

/**
 * @typedef {Object} Neuron
 * @property {number} layer - 0 for the inputs
 * @property {number} unit
 */

/**
 * @typedef {Object} WeightPlace
 * @property {number} layer - that it leads to; 1 for the first behind the inputs
 * @property {number | null} row - the neuron that it comes from; null for a bias
 * @property {number} unit - the neuron that it leads to
 */

/**
 * @typedef {Object} ComparedRun
 * @property {number} id
 * @property {string} name
 * @property {number} slot - which of the looks for compared curves is its own, from 0
 * @property {boolean} regression
 * @property {History} history
 */

/**
 * @typedef {Object} PageState
 * @property {'connecting' | 'open' | 'lost' | 'refused'} connection
 * @property {string} refused - why the server takes nobody in, or ""
 * @property {Experiment | null} experiment
 * @property {PlaneData | null} data
 * @property {State | null} run
 * @property {Picture | null} picture - only ever one of the present experiment's revision
 * @property {History} history
 * @property {Mark[]} marks - what was changed at which epoch
 * @property {ComparedRun[]} compared - saved runs whose curves stand beside the present one's
 * @property {Record<string, string>} refusals - sentence by setting
 * @property {Refusal[]} notes - what in the link was not understood
 * @property {boolean} showTest
 * @property {boolean} discretize
 * @property {boolean} markWrong
 * @property {boolean} logScale - of charts that have no greatest value
 * @property {boolean} embed - whether the page is part of another one; the same throughout a visit
 * @property {string} hide - names of the controls that are not there, with commas between them
 * @property {Neuron | null} pointedAt - the neuron whose map is shown large
 * @property {Input | null} pointedSpare - or the input that is not fed yet
 * @property {WeightPlace | null} selected - the weight or bias whose value is being edited
 * @property {'look' | 'add' | 'move' | 'erase'} tool - what a press on the picture does
 * @property {number} brush - class or value of the points that are placed by hand
 * @property {number} paletteVersion - grows when the colours change
 */

/**
 * @template T
 * @typedef {Object} Store
 * @property {() => T} get
 * @property {(patch: Partial<T>) => void} set - listeners hear of it if something differs
 * @property {(listener: (state: T) => void) => () => void} subscribe - returns what ends it
 */

/**
 * @template {object} T
 * @param {T} initial
 * @returns {Store<T>}
 */
export function createStore(initial) {
  let state = initial;
  /** @type {Set<(state: T) => void>} */
  const listeners = new Set();
  return {
    get: () => state,
    set(patch) {
      const names = /** @type {(keyof T)[]} */ (Object.keys(patch));
      if (names.every((name) => Object.is(state[name], patch[name]))) return;
      state = { ...state, ...patch };
      for (const listener of [...listeners]) listener(state);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
