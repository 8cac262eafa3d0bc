import assert from 'node:assert/strict';
import { test } from 'node:test';

import { joinHash, readPage, repeated, splitHash } from '../../static/js/lib/link.js';

const NOTHING = {
  showTest: false,
  discretize: false,
  markWrong: false,
  logScale: false,
  embed: false,
  hide: '',
};

test('the page takes its own settings and leaves the rest as it is', () => {
  const { link, page, theme, unclear } = splitHash(
    '#dataset=iris&show_test=true&hidden=4,2&theme=dark&what=%2Cever&hide=play,input.x1',
  );
  assert.equal(link, 'dataset=iris&hidden=4,2&what=%2Cever');
  assert.deepEqual(page, { ...NOTHING, showTest: true, hide: 'play,input.x1' });
  assert.equal(theme, 'dark');
  assert.deepEqual(unclear, []);
});

test('an empty hash is all defaults', () => {
  assert.deepEqual(splitHash(''), { link: '', page: NOTHING, theme: '', lang: '', unclear: [] });
  assert.equal(joinHash('', NOTHING), '');
});

test('what is joined can be split again', () => {
  for (const link of ['', 'noise=0.3', 'dataset=iris&features=']) {
    for (let choice = 0; choice < 32; choice++) {
      const [showTest, discretize, markWrong, logScale, embed] = [1, 2, 4, 8, 16].map(
        (bit) => (choice & bit) > 0,
      );
      const page = { showTest, discretize, markWrong, logScale, embed, hide: choice % 3 ? 'play,step' : '' };
      const again = splitHash(joinHash(link, page));
      assert.deepEqual([again.link, again.page, again.unclear], [link, page, []]);
    }
  }
});

test("theme and language are the viewer's: they are read, and no link is given them", () => {
  const { theme, lang, link } = splitHash('theme=dark&lang=de');
  assert.deepEqual([theme, lang, link], ['dark', 'de', '']);
  assert.equal(joinHash('', { ...NOTHING, ...{ theme, lang } }), '');
});

test('a switch that is neither on nor off is named, and is off', () => {
  const { page, unclear } = splitHash('show_test=<img src=x>&discretize=true&embed=1');
  assert.deepEqual(page, { ...NOTHING, discretize: true });
  assert.deepEqual(unclear, [
    'show_test must be true or false, got “<img src=x>”. It is ignored.',
    'embed must be true or false, got “1”. It is ignored.',
  ]);
});

test('what another link says of the page is read alone', () => {
  assert.deepEqual(readPage('show_test=true&hide=play,step', []), { showTest: true, hide: 'play,step' });
  assert.deepEqual(readPage('', []), {});
});

test('a broken percent sign is left as it came', () => {
  assert.equal(splitHash('hide=%').page.hide, '%');
  assert.equal(splitHash('hide=play%2Cstep').page.hide, 'play,step');
  assert.equal(splitHash('hide=100%25').page.hide, '100%');
});

test('names that objects have of themselves are no keys of the page', () => {
  for (const name of ['constructor', '__proto__', 'toString']) {
    assert.deepEqual(splitHash(`${name}=true`), { ...splitHash(''), link: `${name}=true` });
  }
});

test('what is to be hidden is written so that it cannot say anything else', () => {
  const hide = 'a&embed=true,<b>';
  const { page, link } = splitHash(joinHash('noise=1', { ...NOTHING, hide }));
  assert.deepEqual([link, page], ['noise=1', { ...NOTHING, hide }]);
});

test('of a link that is too long the beginning is used, in whole settings', () => {
  const settings = Array.from({ length: 10_000 }, (_, index) => `key${index}=value`);
  const { link, unclear } = splitHash(settings.join('&'));
  assert.ok(link.length <= 48_000 && link.length > 47_900);
  assert.deepEqual(link.split('&'), settings.slice(0, link.split('&').length));
  assert.equal(unclear.length, 1);
  assert.equal(splitHash('x'.repeat(100_000)).link, '');
});

test('only so much is repeated of what somebody wrote', () => {
  assert.equal(repeated('short'), 'short');
  assert.equal(repeated('x'.repeat(1000)).length, 41);
});
