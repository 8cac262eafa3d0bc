/**
 * The way from a page that shows the playground as a part of it to the whole playground.
 */
import { html } from '../../lib/element.js';
import { joinHash } from '../../lib/link.js';
import { t } from '../../lib/words.js';

/** @import {View} from '../../view.js' */

/**
 * @param {HTMLElement} root
 * @returns {Pick<View, 'update'>}
 */
export function createWayOut(root) {
  const link = html(
    'a',
    { class: 'way-out', target: '_blank', rel: 'noopener' },
    t('Open in the playground'),
  );
  root.append(link);

  return {
    update({ experiment, ...page }) {
      const hash = joinHash(experiment?.link ?? '', { ...page, embed: false });
      const href = `${location.pathname}${location.search}${hash && `#${hash}`}`;
      if (link.getAttribute('href') !== href) link.href = href;
    },
  };
}
