/**
 * Bytes as they come over the wire, as arrays that can be read.
 */

/**
 * Return bytes as one kind, whichever kind the socket's decoder gave.
 *
 * @param {ArrayBuffer | Uint8Array | null | undefined} value
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function bytesOf(value) {
  if (!value) return new Uint8Array();
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  return new Uint8Array(/** @type {ArrayBuffer} */ (value.buffer), value.byteOffset, value.byteLength);
}

/**
 * Return little-endian float32 numbers from their bytes.
 *
 * @param {ArrayBuffer | Uint8Array | null | undefined} value
 * @returns {Float32Array<ArrayBuffer>}
 */
export function floatsOf(value) {
  const bytes = bytesOf(value);
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Float32Array(aligned.buffer, aligned.byteOffset, Math.floor(aligned.byteLength / 4));
}
