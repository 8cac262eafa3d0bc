import assert from 'node:assert/strict';
import { test } from 'node:test';

import { MAX_BYTES, refusalOf, understood } from '../../static/js/lib/upload.js';

/**
 * @param {(string | Uint8Array<ArrayBuffer>)[]} parts
 * @param {FilePropertyBag} [options]
 */
const file = (parts, options) => new File(parts, 'table.csv', options);

test('a table may be sent, in any encoding', async () => {
  assert.equal(await refusalOf(file(['a,b\n1,2\n'], { type: 'text/csv' })), '');
  assert.equal(await refusalOf(file(['a;b\n'], { type: 'application/vnd.ms-excel' })), ''); // as Windows calls a CSV
  assert.equal(await refusalOf(file([new Uint8Array([0xff, 0xfe, 0x61, 0, 0x2c, 0, 0x62, 0])])), '');
});

test('the limit itself is accepted, and a byte more is refused with the limit named', async () => {
  assert.equal(await refusalOf(file(['1'.repeat(MAX_BYTES)])), '');
  assert.equal(
    await refusalOf(file(['1'.repeat(MAX_BYTES + 1)])),
    'The file has 10.1 MB; at most 10 MB are accepted. Keep fewer rows or columns.',
  );
});

test('what is no text is refused, and told what to do instead', async () => {
  assert.match(await refusalOf(file([new Uint8Array([0x50, 0x4b, 3, 4])])), /Excel workbook.*save or export/);
  assert.match(await refusalOf(file(['a', new Uint8Array([0, 1]), 'b'])), /^This is not a text file/);
  assert.match(await refusalOf(file(['GIF89a'], { type: 'image/gif' })), /^This is not a text file/);
});

test('an empty file is called so', async () => {
  assert.equal(await refusalOf(file([])), 'The file is empty.');
});

test('a folder cannot be read, and says so', async () => {
  const folder = file(['x']);
  folder.slice = () => {
    throw new Error('a folder');
  };
  assert.match(await refusalOf(folder), /^This cannot be read: it is a folder/);
});

test('an answer is a preview or a sentence, whatever came', () => {
  const refusal = { field: 'table', message: 'The file has no values.' };
  assert.deepEqual(understood(JSON.stringify({ refusal })), { preview: null, refusal: refusal.message });
  assert.deepEqual(understood('{"preview": {"name": "a.csv"}}'), { preview: { name: 'a.csv' }, refusal: '' });
  for (const odd of ['', '<html>502 Bad Gateway</html>', 'null', '{}', '{"refusal": null}']) {
    assert.match(understood(odd).refusal, /^The server failed to read the file/, odd);
  }
});
