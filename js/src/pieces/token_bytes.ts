/** The bytes that a token stands for where they need not be whole characters. */

/** Byte-level BPE writes a byte as a character: as itself where that can be printed, else one from U+0100 on. */
function byteAlphabet(): ReadonlyMap<string, number> {
  const alphabet = new Map<string, number>();
  let others = 0x100;
  for (let byte = 0; byte < 0x100; byte++) {
    const printed = (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
    alphabet.set(String.fromCodePoint(printed ? byte : others++), byte);
  }
  return alphabet;
}
const ALPHABET = byteAlphabet();

/**
 * undefined for a token that is text.
 *
 * @param components what the tokenizer says that it is made of
 */
export function tokenBytes(token: string, components: readonly string[]): number[] | undefined {
  const [, code] = /^<0x([0-9A-F]{2})>$/.exec(token) ?? [];
  if (code !== undefined) return [Number.parseInt(code, 16)];
  if (!components.some((name) => name.endsWith(':ByteLevel'))) return undefined;
  const bytes = Array.from(token, (sign) => ALPHABET.get(sign));
  return bytes.every((byte) => byte !== undefined) ? bytes : undefined;
}
