/** Reads messages of protocol buffers: each field as it came, for readers that know what it means. */
export interface Field {
  readonly number: number;
  /** Of the wire types varint, 64 and 32 bits. */
  readonly integer: bigint;
  /** Of the wire type with a length: text, bytes, a message, packed numbers. */
  readonly bytes: Uint8Array;
}

const NOTHING = new Uint8Array();

export function fieldsOf(bytes: Uint8Array): Field[] {
  const reader = new Reader(bytes);
  const fields: Field[] = [];
  while (!reader.done) {
    const tag = Number(reader.varint());
    const number = tag >>> 3;
    switch (tag & 7) {
      case 0:
        fields.push({ number, integer: reader.varint(), bytes: NOTHING });
        break;
      case 1:
        fields.push({ number, integer: 0n, bytes: reader.take(8) });
        break;
      case 2:
        fields.push({ number, integer: 0n, bytes: reader.take(Number(reader.varint())) });
        break;
      case 5:
        fields.push({ number, integer: 0n, bytes: reader.take(4) });
        break;
      default:
        throw new Error(`a field of an unknown kind: ${tag & 7}`);
    }
  }
  return fields;
}

/** The integers of a repeated field, packed or one by one. */
export function integers(fields: readonly Field[], number: number): bigint[] {
  return fields.flatMap((field) => {
    if (field.number !== number) return [];
    if (field.bytes === NOTHING) return [field.integer];
    const reader = new Reader(field.bytes);
    const list: bigint[] = [];
    while (!reader.done) list.push(reader.varint());
    return list;
  });
}

/** The bytes of a field, those of a repeated one joined; empty when it is not there. */
export function joined(fields: readonly Field[], number: number): Uint8Array {
  const parts = fields.filter((field) => field.number === number).map(({ bytes }) => bytes);
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

export const messages = (fields: readonly Field[], number: number): Field[][] =>
  fields.filter((field) => field.number === number).map(({ bytes }) => fieldsOf(bytes));

export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

class Reader {
  private at = 0;
  constructor(private readonly bytes: Uint8Array) {}

  get done(): boolean {
    return this.at >= this.bytes.length;
  }

  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) throw new Error('a number that has no end');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, value);
    }
  }

  take(length: number): Uint8Array {
    const part = this.bytes.subarray(this.at, this.at + length);
    this.at += length;
    if (part.length < length) throw new Error('a field that has no end');
    return part;
  }
}
