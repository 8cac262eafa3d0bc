import assert from 'node:assert/strict';
import { test } from 'node:test';

import { joinHash, splitHash } from '../../static/js/lib/link.js';

test('the page takes its own settings and leaves the rest as it is', () => {
  const { link, page } = splitHash('#dataset=iris&show_test=true&hidden=4,2&theme=dark&what=%2Cever');
  assert.equal(link, 'dataset=iris&hidden=4,2&what=%2Cever');
  assert.deepEqual(page, { showTest: true, discretize: false, theme: 'dark' });
});

test('an empty hash is all defaults', () => {
  assert.deepEqual(splitHash(''), { link: '', page: { showTest: false, discretize: false, theme: '' } });
  assert.equal(joinHash('', { showTest: false, discretize: false }), '');
});

test('what is joined can be split again', () => {
  for (const link of ['', 'noise=0.3', 'dataset=iris&features=']) {
    for (const showTest of [true, false]) {
      for (const discretize of [true, false]) {
        const { link: again, page } = splitHash(joinHash(link, { showTest, discretize }));
        assert.deepEqual([again, page.showTest, page.discretize], [link, showTest, discretize]);
      }
    }
  }
});
