/**
 * From node to node by the arrow keys; Tab enters and leaves the network as a whole.
 */

/** @import {Spot} from '../../lib/motion.js' */

/** @type {Record<string, {across: number, down: number}>} */
const DIRECTIONS = {
  ArrowLeft: { across: -1, down: 0 },
  ArrowRight: { across: 1, down: 0 },
  ArrowUp: { across: 0, down: -1 },
  ArrowDown: { across: 0, down: 1 },
};

/**
 * @typedef {Object} Walking
 * @property {() => void} rebuilt - other nodes may be there now
 */

/**
 * @param {HTMLElement} root - of the nodes
 * @param {() => string[][]} layers - keys of the nodes, layer by layer, inputs that are not fed too
 * @param {(key: string) => Spot} spotOf
 * @param {(key: string) => HTMLElement | undefined} elementOf
 * @returns {Walking}
 */
export function createWalking(root, layers, spotOf, elementOf) {
  let entrance = '';

  /** @param {string} key - of the node that Tab is to reach */
  function enterAt(key) {
    elementOf(entrance)?.setAttribute('tabindex', '-1');
    entrance = key;
    elementOf(key)?.setAttribute('tabindex', '0');
  }

  root.addEventListener('focusin', ({ target }) => {
    const key = target instanceof HTMLElement && target.dataset.key;
    if (key) enterAt(key);
  });
  root.addEventListener('keydown', (event) => {
    const direction = DIRECTIONS[event.key];
    if (!direction || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault(); // the page would scroll
    const next = neighbour(layers(), entrance, direction, spotOf);
    if (next) elementOf(next)?.focus();
  });

  return {
    rebuilt() {
      enterAt(elementOf(entrance) ? entrance : (layers()[0]?.[0] ?? ''));
    },
  };
}

/**
 * @param {string[][]} layers
 * @param {string} key
 * @param {{across: number, down: number}} direction
 * @param {(key: string) => Spot} spotOf
 * @returns {string | undefined} the nearest node that way: of the same layer, or else of the next one
 */
export function neighbour(layers, key, { across, down }, spotOf) {
  const layer = layers.findIndex((keys) => keys.includes(key));
  if (layer < 0) return undefined;
  const from = spotOf(key);
  /** @param {string} other - how far it is that way, and how far beside it */
  const away = (other) => {
    const { x, y } = spotOf(other);
    const [dx, dy] = [x - from.x, y - from.y];
    return { ahead: dx * across + dy * down, aside: Math.abs(dx * down) + Math.abs(dy * across) };
  };
  const inLine = layers[layer]
    .map((other) => ({ other, ...away(other) }))
    .filter(({ ahead, aside }) => ahead > 1 && aside < 1)
    .sort((a, b) => a.ahead - b.ahead);
  if (inLine.length > 0 || down) return inLine[0]?.other;
  return (layers[layer + across] ?? [])
    .map((other) => ({ other, ...away(other) }))
    .sort((a, b) => a.aside - b.aside || a.ahead - b.ahead)[0]?.other;
}
