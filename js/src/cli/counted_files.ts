/** The tokens of files: small ones in batches on all cores, large ones one after the other. */
import { readFile } from 'node:fs/promises';
import { addAbortSignal } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { Tokenizer } from '../node.js';
import { fileError } from '../source.js';
import { usableCores } from '../usable_cores.js';
import { ProgressBar } from './progress.js';
import { sizeOfText, textOf } from './text_file.js';

export interface Counted {
  readonly file: string;
  readonly tokens: number;
  readonly bytes: number;
}
export interface Uncounted {
  readonly file: string;
  readonly error: unknown;
}
type Result = Counted | Uncounted;

interface Sized {
  readonly index: number;
  readonly file: string;
  readonly size: number;
}
interface Read extends Sized {
  readonly text: string;
}
interface Work {
  readonly tokenizer: Tokenizer;
  readonly addSpecialTokens: boolean;
  readonly signal: AbortSignal;
}

/** Of one batch; a larger file is one by itself. Memory holds as many batches as there are cores, or one large file. */
const MOST = { bytes: 8_000_000, files: 256 };

/** In the order of `files`. `-` is standard input. */
export async function countFiles(files: readonly string[], work: Work): Promise<Result[]> {
  const counting = new Counting(files, work);
  try {
    const batches = batchesOf(await counting.sizes());
    const small = (batch: readonly Sized[]) => sizeOf(batch) <= MOST.bytes;
    await counting.run(batches.filter(small), usableCores().count);
    await counting.run(
      batches.filter((batch) => !small(batch)),
      1,
    );
  } finally {
    counting.bar.stop();
  }
  return counting.results;
}

function batchesOf(files: readonly Sized[]): Sized[][] {
  const batches: Sized[][] = [];
  for (const file of files) {
    const last = batches.at(-1);
    const fits = last && last.length < MOST.files && sizeOf(last) + file.size <= MOST.bytes;
    if (fits) last.push(file);
    else batches.push([file]);
  }
  return batches;
}

function sizeOf(batch: readonly Sized[]): number {
  return batch.reduce((sum, { size }) => sum + size, 0);
}

class Counting {
  readonly results: Result[] = [];
  readonly bar = new ProgressBar('counted', { inBytes: true });
  readonly #files: readonly string[];
  readonly #work: Work;
  #total = 0;
  #done = 0;

  constructor(files: readonly string[], work: Work) {
    this.#files = files;
    this.#work = work;
  }

  /** Of those that can be counted, as far as their sizes tell; the others are faults already. */
  async sizes(): Promise<Sized[]> {
    const sized: Sized[] = [];
    for (const [index, file] of this.#files.entries()) {
      await this.#attempt(index, async () => {
        const size = file === '-' ? 0 : await sizeOfText(file, 'counting');
        sized.push({ index, file, size });
      });
    }
    this.#total = sizeOf(sized);
    return sized;
  }

  async run(batches: readonly Sized[][], atOnce: number): Promise<void> {
    const waiting = batches.values();
    const worker = async () => {
      for (const batch of waiting) {
        const texts = await this.#read(batch);
        this.bar.update(this.#done, this.#total);
        await this.#count(texts);
        this.#done += sizeOf(batch);
        this.bar.update(this.#done, this.#total);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
  }

  async #read(batch: readonly Sized[]): Promise<Read[]> {
    const texts: Read[] = [];
    await Promise.all(
      batch.map((each) =>
        this.#attempt(each.index, async () => {
          const bytes = await this.#bytesOf(each.file);
          const text = textOf(bytes, each.file === '-' ? '(stdin)' : each.file, 'counting');
          texts.push({ ...each, size: bytes.length, text });
        }),
      ),
    );
    return texts;
  }

  async #bytesOf(file: string): Promise<Buffer> {
    const { signal } = this.#work;
    if (file === '-') return buffer(addAbortSignal(signal, process.stdin));
    return readFile(file, { signal }).catch((error: unknown) => {
      throw fileError(file, 'counting', error);
    });
  }

  /** What one text makes impossible is found again text by text. */
  async #count(texts: readonly Read[]): Promise<void> {
    try {
      await this.#countAtOnce(texts);
    } catch (error) {
      this.#work.signal.throwIfAborted();
      if (texts.length === 1) for (const { index } of texts) this.#fail(index, error);
      else for (const each of texts) await this.#count([each]);
    }
  }

  async #countAtOnce(texts: readonly Read[]): Promise<void> {
    const { tokenizer, addSpecialTokens, signal } = this.#work;
    const { rows } = await tokenizer.encodeBatchAsync(
      texts.map(({ text }) => text),
      { addSpecialTokens, truncation: false, padding: false, signal },
    );
    texts.forEach(({ index, file, size }, i) => {
      const tokens = (rows[i + 1] ?? 0) - (rows[i] ?? 0);
      this.results[index] = { file, tokens, bytes: size };
    });
  }

  /** A file's fault is its own; Ctrl-C ends all. */
  async #attempt(index: number, act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.#work.signal.throwIfAborted();
      this.#fail(index, error);
    }
  }

  #fail(index: number, error: unknown): void {
    this.results[index] = { file: this.#files[index] ?? '', error };
  }
}
