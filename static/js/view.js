/**
 * What every view is, and what it is given.
 */

/** @import {Answer, Command} from './protocol.js' */
/** @import {Choices} from './catalogue.js' */
/** @import {Palette} from './palette.js' */
/** @import {PageState} from './store.js' */
/** @import {Tooltip} from './lib/tooltip.js' */

/**
 * @typedef {Object} View
 * @property {(state: PageState, digits?: boolean) => void} update - the same state twice draws the same; where
 *   `digits` is false only pixels need follow, and numbers and words come soon
 * @property {() => void} destroy
 */

/**
 * @typedef {Object} Actions
 * @property {(command: Command['command']) => Promise<Answer>} command
 * @property {(changes: Record<string, unknown>) => Promise<Answer>} change - a refusal appears in the state
 * @property {(name: string) => unknown} latest - a setting as last asked for, or as it is if nothing is on its way
 * @property {(patch: Partial<PageState>) => void} show - change what the page itself shows
 * @property {(measurement: string, wanted: boolean) => void} want - have a measurement sent with each picture, or,
 *   after that, no longer
 */

/**
 * @typedef {Object} Context
 * @property {Choices} choices
 * @property {Actions} actions
 * @property {() => Palette} palette - as of the present theme
 * @property {() => string | null} token - the key of the run, once there is one
 * @property {Tooltip} tooltip
 * @property {Drawings} drawings
 */

/**
 * @typedef {Object} Drawings - what views draw for others to keep; each fetches what draws the present state
 * @property {() => Promise<() => SVGSVGElement[]>} [network]
 * @property {() => Promise<() => SVGSVGElement[]>} [output]
 * @property {() => Promise<() => SVGSVGElement[]>} [curves] - of all that there is over the epochs
 * @property {() => Promise<() => string>} [thumbnail] - the output as a small picture, a data URL
 */

export {};
