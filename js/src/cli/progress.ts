import { SingleBar } from 'cli-progress';

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
  #bar: SingleBar | undefined;

  constructor(what: string) {
    this.#what = what;
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
      });
      this.#bar.start(total, done);
    }
    this.#bar.update(done);
  }

  stop(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }
}
