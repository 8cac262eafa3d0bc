/**
 * What stands in the address bar: each gesture that changes the page is a step that Back takes back.
 */

/** Changes that follow each other faster than this are one gesture; so are those while a button is held. */
const GESTURE_MS = 1000;

/** Browsers refuse to write oftener than ten or twenty times a second for long. */
const LEAST_MS = 100;

/**
 * @typedef {Object} Address
 * @property {(hash: string) => void} write - what the page has become
 * @property {(hash: string) => void} correct - what stands there was meant so
 */

/**
 * @param {Window} window
 * @returns {Address}
 */
export function createAddress({ document, history, location, performance, setTimeout, clearTimeout }) {
  let heldSince = Infinity;
  let writtenAt = -Infinity;
  let timer = 0;
  const now = () => performance.now();
  const inGesture = () => now() - writtenAt < GESTURE_MS || writtenAt >= heldSince;

  function release() {
    if (writtenAt >= heldSince) writtenAt = now();
    heldSince = Infinity;
  }
  document.addEventListener('pointerdown', () => (heldSince = now()), true);
  for (const end of ['pointerup', 'pointercancel']) document.addEventListener(end, release, true);

  /** @param {string} hash */
  const isThere = (hash) => location.hash.slice(1) === hash;
  /** @param {string} hash */
  const urlOf = (hash) => (hash ? `#${hash}` : location.pathname + location.search);

  /** @param {string} hash */
  function write(hash) {
    clearTimeout(timer);
    if (isThere(hash)) return;
    const wait = LEAST_MS - (now() - writtenAt);
    if (wait > 0) {
      const from = location.hash;
      timer = setTimeout(() => location.hash === from && write(hash), wait);
      return;
    }
    if (inGesture()) history.replaceState(null, '', urlOf(hash));
    else history.pushState(null, '', urlOf(hash));
    writtenAt = now();
  }

  return {
    write,
    correct(hash) {
      clearTimeout(timer);
      writtenAt = -Infinity; // what is changed next is another gesture
      if (!isThere(hash)) history.replaceState(null, '', urlOf(hash));
    },
  };
}
