/**
 * What has been asked for and is not yet answered, so that the next wish builds on it.
 */

/**
 * @typedef {Object} Wishes
 * @property {(changes: Record<string, unknown>) => (granted: boolean) => void} ask - returns what takes the answer
 * @property {(name: string, present: unknown) => unknown} latest - a setting as last asked for, or as it is at present
 */

/** @returns {Wishes} */
export function createWishes() {
  /** @type {Map<string, {value: unknown}>} */
  const open = new Map();
  return {
    ask(changes) {
      const asked = Object.entries(changes).map(([name, value]) => ({ name, wish: { value } }));
      for (const { name, wish } of asked) open.set(name, wish);
      return (granted) => {
        for (const { name, wish } of asked) {
          // After a refusal, what was built on the wish is no ground to build on either.
          if (!granted || open.get(name) === wish) open.delete(name);
        }
      };
    },
    latest(name, present) {
      const wish = open.get(name);
      return wish ? wish.value : present;
    },
  };
}
