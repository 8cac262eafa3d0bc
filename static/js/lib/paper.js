/**
 * Pictures in pixels of the screen, made fit for a page of paper.
 */

/** What is laid out in pixels, and its room in print, in pixels of 1/96 inch. */
const PRINTED = [
  { selector: '.network-scroller', width: 690, height: 260 },
  { selector: '.output-frame', width: 330, height: 330 },
  { selector: '.chart-frame', width: 340, height: 230 },
];

/**
 * Say in custom properties how large each is on the screen, and how much smaller it is to be; print.css does the rest.
 *
 * @param {HTMLElement} root
 */
export function fitToPaper(root) {
  if (!window.matchMedia('print').matches) measure(root); // else they are laid out for paper already
  // What Chromium prints are the last drawing commands, and clearRect as white; of set pixels it has to take the pixels.
  const pixel = new ImageData(1, 1);
  for (const canvas of root.querySelectorAll('canvas')) canvas.getContext('2d')?.putImageData(pixel, 0, 0);
}

/** @param {HTMLElement} root */
function measure(root) {
  for (const { selector, width, height } of PRINTED) {
    const element = root.querySelector(selector);
    const around = element?.parentElement;
    const box = element?.getBoundingClientRect();
    if (!around || !box?.width) continue;
    const whole = Math.max(box.width, element.scrollWidth);
    around.style.setProperty('--screen-width', `${box.width}px`);
    around.style.setProperty('--screen-height', `${box.height}px`);
    around.style.setProperty('--whole-width', `${whole}px`);
    around.style.setProperty('--paper-scale', String(Math.min(1, width / whole, height / box.height)));
  }
}
