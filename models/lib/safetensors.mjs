/**
 * Writes the safetensors format: the length of a JSON header (u64, little-endian), the header,
 * then the tensors' bytes without gaps, in the order given.
 *
 *     encodeSafetensors({ 'linear.bias': tensor('float32', [2], [0, 1]) });
 */
import { kDataTypes } from './tensor.mjs';

/** Readers map the file and view floats in place, so the data starts at a multiple of this. */
const kAlignment = 8;

/**
 * @param {Record<string, import('./tensor.mjs').Tensor>} tensors strings cannot be stored
 * @returns {Uint8Array}
 */
export function encodeSafetensors(tensors) {
  /** @type {Record<string, object>} */
  const header = {};
  let end = 0;
  for (const [name, { type, dims, bytes }] of Object.entries(tensors)) {
    const dtype = kDataTypes[type].safetensors;
    if (dtype === null) throw new Error(`${name}: safetensors has no type for ${type}`);
    header[name] = { dtype, shape: dims, data_offsets: [end, end + bytes.length] };
    end += bytes.length;
  }
  const json = JSON.stringify(header);
  const text = new TextEncoder().encode(json);
  const headerLength = Math.ceil(text.length / kAlignment) * kAlignment;

  const result = new Uint8Array(8 + headerLength + end).fill(0x20, 8, 8 + headerLength);
  new DataView(result.buffer).setBigUint64(0, BigInt(headerLength), true);
  result.set(text, 8);
  let offset = 8 + headerLength;
  for (const { bytes } of Object.values(tensors)) {
    result.set(bytes, offset);
    offset += bytes.length;
  }
  return result;
}
