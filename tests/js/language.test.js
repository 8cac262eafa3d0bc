import assert from 'node:assert/strict';
import { test } from 'node:test';

/** A page in an invented language whose words have three forms: for 1, for 2 to 4, for others. */
const WORDS = {
  language: 'xx',
  decimal: ',',
  group: '.',
  plurals: Array.from({ length: 200 }, (_, n) => (n === 1 ? 0 : n > 1 && n < 5 ? 1 : 2)).join(''),
  texts: {
    'Epoch {epoch}': '{epoch}. epocha',
    '{n} row': ['{n} jeden', '{n} rzędy', '{n} rzędów'],
    '{n} rows': ['{n} jeden', '{n} rzędy', '{n} rzędów'],
    Data: 'Dane',
  },
};
const page = { querySelector: () => ({ textContent: JSON.stringify(WORDS) }) };
Object.defineProperty(globalThis, 'document', { value: page });
const { language, said, t, tn } = await import('../../static/js/lib/words.js');

test('a text is said in the language of the page, in English where there is none', () => {
  assert.equal(language, 'xx');
  assert.equal(t('Epoch {epoch}', { epoch: 1234.5 }), '1.234,5. epocha');
  assert.equal(t('Loss {loss}', { loss: 0.5 }), 'Loss 0,5');
});

test('a count asks for its form, also where the server has counted', () => {
  for (const [n, text] of Object.entries({
    0: '0 rzędów',
    1: '1 jeden',
    3: '3 rzędy',
    1002: '1.002 rzędów',
  })) {
    assert.equal(tn('{n} row', '{n} rows', Number(n)), text);
    assert.equal(said(['{n} row', { n: Number(n) }]), text);
    assert.equal(said(['{n} rows', { n: Number(n) }]), text);
  }
});

test('what stands in a text is said in the language, too', () => {
  assert.equal(said(['{what}: {n}', { what: ['Data', {}], n: 2 }]), 'Dane: 2');
});
