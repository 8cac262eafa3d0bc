/**
 * Copy the browser's libraries from node_modules into static/vendor: `npm ci && npm run vendor`.
 *
 * package-lock.json pins each package by version and hash, and FILES pins each file's own hash, so what is served
 * is known to the byte. After an upgrade, look at the change and put the hash that this script prints here.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const TARGET = `${ROOT}static/vendor/`;

/** Each file served: where it comes from, and the SHA-256 of the file as published. */
const FILES = [
  {
    file: 'socket.io.msgpack.min.js',
    from: 'socket.io-client/dist/socket.io.msgpack.min.js',
    sha256: '6b70101fcbb8a33e4d1a784f35f0aab2eee0d4fb84a374613019753ba998ce67',
  },
  {
    file: 'uPlot.iife.min.js',
    from: 'uplot/dist/uPlot.iife.min.js',
    sha256: '19c8d4c6ad88929a79f4ae49d6f7161566dfd0ba3d15cc495e974f787eb78f1f',
  },
  {
    file: 'uPlot.min.css',
    from: 'uplot/dist/uPlot.min.css',
    sha256: 'df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04',
  },
];

/** Every package whose code is in those files: socket.io-client's bundle holds others. */
const PACKAGES = [
  'socket.io-client',
  'engine.io-client',
  'engine.io-parser',
  'socket.io-msgpack-parser',
  'notepack.io',
  'component-emitter',
  '@socket.io/component-emitter',
  'uplot',
];

/**
 * @param {string} path - below node_modules
 * @returns {string}
 */
const read = (path) => readFileSync(`${ROOT}node_modules/${path}`, 'utf8');

/** @param {string} text */
const sha256 = (text) => createHash('sha256').update(text).digest('hex');

const manifest = FILES.map(({ file, from, sha256: expected }) => {
  const published = read(from);
  const found = sha256(published);
  if (found !== expected) throw new Error(`${from} has SHA-256 ${found}, expected ${expected}.`);
  // The source map is not served, so a browser's developer tools must not look for it.
  const served = published.replace(/^\/\/# sourceMappingURL=.*\n?/m, '');
  writeFileSync(TARGET + file, served);
  const name = from.split('/')[0];
  const { version, license } = JSON.parse(read(`${name}/package.json`));
  return { file, package: name, version, license, publishedSha256: expected, servedSha256: sha256(served) };
});
writeFileSync(`${TARGET}manifest.json`, `${JSON.stringify(manifest, null, 2)}\n`);

const licenses = PACKAGES.map((name) => {
  const { version, license } = JSON.parse(read(`${name}/package.json`));
  return `${name} ${version} (${license})\n\n${read(`${name}/LICENSE`).trim()}\n`;
});
writeFileSync(`${TARGET}LICENSES.txt`, licenses.join(`\n${'-'.repeat(80)}\n\n`));
