/** What a character that is not whole yet decodes to. */
const REPLACEMENT = '\ufffd';
/** So many of them are no character to come: the ids make no text, and waiting for it would take ever longer. */
const HOPELESS = 64;
/** How many ids may be kept before those that no longer matter are dropped. */
const ENOUGH = 16;

/**
 * Text of ids that come one by one, as a generating model gives them.
 *
 * Each id is decoded behind those before it, because the text of a token depends on them: a space belongs to the second
 * word, a character may take four tokens. Takes the same time for the first and the millionth id.
 *
 * @example
 * const { ids } = tokenizer.encode('Call me Ishmael.');
 * const stream = tokenizer.decodeStream();
 * let text = '';
 * for (const id of ids) text += stream.push(id);
 * text += stream.end();
 * text; // 'Call me Ishmael.'
 */
export class DecodeStream {
  readonly #decode: (ids: readonly number[]) => string;
  readonly #check: (id: number | bigint) => number;
  #ids: number[] = [];
  /** How many of them there were when the text last was whole: before it no character is cut. */
  #whole = 0;
  /** What of the text of #ids was given away. */
  #sent = 0;

  /** @internal `check` throws for what is no id. */
  constructor(decode: (ids: readonly number[]) => string, check: (id: number | bigint) => number) {
    this.#decode = decode;
    this.#check = check;
  }

  /**
   * The text that is certain now: '' while a character is not whole.
   * @throws InferError INVALID_INPUT for what is no id, DISPOSED; the id is not taken then
   */
  push(id: number | bigint): string {
    const ids = [...this.#ids, this.#check(id)];
    const text = this.#decode(ids);
    this.#ids = ids;
    // A decoder may read bytes before an unfinished character as unfinished, too: nothing after them is certain.
    if (text.length <= this.#sent || (text.endsWith(REPLACEMENT) && !isHopeless(text))) return '';
    const news = text.slice(this.#sent);
    this.#sent = text.length;
    if (ids.length >= ENOUGH) this.#forget();
    this.#whole = this.#ids.length;
    return news;
  }

  /** What is still held back (U+FFFD for a character that never became whole). The next id begins another text. */
  end(): string {
    const rest = this.#ids.length === 0 ? '' : this.#decode(this.#ids).slice(this.#sent);
    this.#ids = [];
    this.#whole = this.#sent = 0;
    return rest;
  }

  /** Keeps the ids of the last news as context, unless they have no text: then what follows would be a beginning. */
  #forget(): void {
    const ids = this.#ids.slice(this.#whole);
    const text = this.#decode(ids);
    if (text === '') return;
    this.#ids = ids;
    this.#sent = text.length;
  }
}

function isHopeless(text: string): boolean {
  return text.endsWith(REPLACEMENT.repeat(HOPELESS));
}
