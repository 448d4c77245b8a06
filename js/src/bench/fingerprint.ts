/** What inputs are told apart by: 64 bits, for no purpose that anybody would attack. */
export class Fingerprint {
  #a = 0x811c9dc5;
  #b = 0x9e3779b9;

  add(value: string | ArrayBufferView): this {
    if (typeof value === 'string') {
      for (let i = 0; i < value.length; i += 1) this.#mix(value.charCodeAt(i));
      this.#mix(value.length);
      return this;
    }
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    for (const byte of bytes) this.#mix(byte);
    this.#mix(bytes.length);
    return this;
  }

  /** 16 hexadecimal digits. */
  toString(): string {
    return [this.#a, this.#b].map((part) => (part >>> 0).toString(16).padStart(8, '0')).join('');
  }

  /** FNV-1a, and a second stream of other constants. */
  #mix(value: number): void {
    this.#a = Math.imul(this.#a ^ value, 0x01000193);
    this.#b = Math.imul((this.#b ^ value) + (this.#b >>> 15), 0x85ebca6b);
  }
}
