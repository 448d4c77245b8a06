import { SingleBar, type ValueFormatter } from 'cli-progress';

/** Shorter work is over before a bar could be read. */
const SHOWN_AFTER_MS = 400;

/**
 * A progress bar on the terminal's error stream. Without a terminal it is silent: a log wants no bars.
 *
 * @example
 * const bar = new ProgressBar('texts');
 * bar.update(500, 8000);
 * bar.stop();
 */
export class ProgressBar {
  readonly #started = performance.now();
  readonly #what: string;
  readonly #inBytes: boolean;
  #bar: SingleBar | undefined;

  /** @param options `inBytes`: the numbers are bytes, and shown as megabytes */
  constructor(what: string, { inBytes = false } = {}) {
    this.#what = what;
    this.#inBytes = inBytes;
  }

  update(done: number, total: number): void {
    if (!process.stderr.isTTY) return;
    if (!this.#bar) {
      if (performance.now() - this.#started < SHOWN_AFTER_MS || done >= total) return;
      this.#bar = new SingleBar({
        format: `{bar} {value} of {total} ${this.#what}, {eta_formatted} left`,
        barCompleteChar: '━',
        barIncompleteChar: ' ',
        barsize: 30,
        clearOnComplete: true,
        hideCursor: true,
        stream: process.stderr,
        ...(this.#inBytes ? { formatValue: inMegabytes } : {}),
      });
      this.#bar.start(total, done);
    }
    // What is estimated changes.
    this.#bar.setTotal(total);
    this.#bar.update(done);
  }

  stop(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }
}

const inMegabytes: ValueFormatter = (value, _options, type) =>
  type === 'value' || type === 'total' ? `${(value / 1e6).toFixed(1)} MB` : String(value);
