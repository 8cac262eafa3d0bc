/**
 * Controls that a link hides: each has its name as data-control; what holds nothing else goes with them.
 */

/**
 * Return a function that hides the controls of these names, and shows all others.
 *
 * @param {Document} document
 * @returns {(names: string[]) => void}
 */
export function createHiding(document) {
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets.push(sheet);

  return (names) => {
    // Folds are filled when they are first opened, so they say beforehand what they hold.
    const folds = [...document.querySelectorAll('[data-holds]')].map((fold) =>
      fold.getAttribute('data-holds'),
    );
    sheet.replaceSync(hidingRule(names, /** @type {string[]} */ (folds)));
  };
}

/**
 * @param {string[]} names
 * @param {string[]} folds - the names of what each holds, with spaces between them
 * @returns {string} CSS
 */
export function hidingRule(names, folds) {
  const hidden = names.filter((name) => /^[\w.]+$/.test(name));
  if (hidden.length === 0) return '';
  const empty = folds.filter((fold) => fold.split(' ').every((name) => hidden.includes(name)));
  const gone = [
    ...hidden.map((name) => `[data-control='${name}']`),
    ...empty.map((fold) => `[data-holds='${fold}']`),
  ].join(',');
  const group = `[data-group]:not(:has(:is([data-control],[data-holds]):not(${gone})))`;
  return `${gone},${group}{display:none!important}`;
}

/**
 * @param {string} hide - names, with commas between them
 * @param {string} name
 */
export function isHidden(hide, name) {
  return hide.split(',').includes(name);
}
