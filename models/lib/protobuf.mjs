/**
 * Writes the protobuf wire format. Only what an ONNX file needs: varints, 32-bit floats, and
 * length-delimited fields. Fields stand in the order of the calls, so output is deterministic.
 *
 *     const name = new ProtoWriter().string(1, 'x');
 *     new ProtoWriter().varint(1, 8).message(7, name).finish(); // Uint8Array
 *
 * Written here, not taken from a package: the one on npm that carries the ONNX schema follows a
 * schema of 2020 and an outdated protobufjs, and a general encoder copies the weights twice.
 */
const kVarint = 0;
const kLengthDelimited = 2;
const kFixed32 = 5;

/** @param {bigint} value a 64-bit integer; negative ones are written as two's complement */
function encodeVarint(value) {
  let rest = BigInt.asUintN(64, value);
  const bytes = [];
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

export class ProtoWriter {
  /** @type {Uint8Array[]} kept apart until the end: weights are copied once, by finish() */
  #chunks = [];
  #length = 0;

  /** @param {number} field @param {number | bigint} value an integer */
  varint(field, value) {
    return this.#tag(field, kVarint).#push(encodeVarint(BigInt(value)));
  }

  /** @param {number} field @param {number} value */
  float(field, value) {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.#tag(field, kFixed32).#push(bytes);
  }

  /** @param {number} field @param {Uint8Array} value referenced, not copied, until finish() */
  bytes(field, value) {
    this.#tag(field, kLengthDelimited).#push(encodeVarint(BigInt(value.length)));
    return this.#push(value);
  }

  /** @param {number} field @param {string} value */
  string(field, value) {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  /** @param {number} field @param {ProtoWriter} value a finished message; its chunks are shared */
  message(field, value) {
    this.#tag(field, kLengthDelimited).#push(encodeVarint(BigInt(value.#length)));
    for (const chunk of value.#chunks) this.#push(chunk);
    return this;
  }

  /** @returns {Uint8Array} the message, in memory of its own */
  finish() {
    const result = new Uint8Array(this.#length);
    let offset = 0;
    for (const chunk of this.#chunks) {
      result.set(chunk, offset);
      offset += chunk.length;
    }
    return result;
  }

  /** @param {number} field @param {number} wireType */
  #tag(field, wireType) {
    return this.#push(encodeVarint(BigInt((field << 3) | wireType)));
  }

  /** @param {Uint8Array} chunk */
  #push(chunk) {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    return this;
  }
}
