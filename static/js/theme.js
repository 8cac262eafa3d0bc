/**
 * Light or dark: as the system says, until somebody chooses.
 */

const KEY = 'playground theme';
const root = document.documentElement;
const systemDark = window.matchMedia('(prefers-color-scheme: dark)');

/** @returns {'light' | 'dark'} the theme in force */
export function theme() {
  const chosen = root.dataset.theme;
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return systemDark.matches ? 'dark' : 'light';
}

/** @param {string} name - "light" or "dark"; anything else follows the system */
export function setTheme(name) {
  if (name === 'light' || name === 'dark') root.dataset.theme = name;
  else delete root.dataset.theme;
}

/** @param {'light' | 'dark'} name */
export function chooseTheme(name) {
  setTheme(name);
  try {
    localStorage.setItem(KEY, name);
  } catch {
    // Then it holds for this visit.
  }
}

/**
 * Paper is light, whatever the theme.
 *
 * @param {() => void} listener - is to draw at once: the browser takes what is there when it returns
 */
export function onPrint(listener) {
  for (const [event, printing] of /** @type {const} */ ([
    ['beforeprint', true],
    ['afterprint', false],
  ])) {
    window.addEventListener(event, () => {
      root.toggleAttribute('data-printing', printing);
      listener();
    });
  }
}

/** @param {() => void} listener */
export function onThemeChange(listener) {
  systemDark.addEventListener('change', listener);
  new MutationObserver(listener).observe(root, { attributeFilter: ['data-theme'] });
}
