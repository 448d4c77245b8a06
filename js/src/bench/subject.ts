/** What can be measured: a session of this library, another library, any function. */

/** What one run did, as far as the subject knows. */
export interface RunFacts {
  /** Milliseconds of its parts, which the subject timed itself: tokenize, run, postProcess. */
  readonly parts?: Readonly<Record<string, number>>;
  /** Rows, texts, images. Default 1. */
  readonly items?: number;
  /** Real ones, of texts. */
  readonly tokens?: number;
  /** With those that only fill rows up. */
  readonly paddedTokens?: number;
}

/** A subject that is ready to run. */
export interface OpenSubject {
  /** Milliseconds by phase of the opening, where it tells them. */
  readonly phases?: Readonly<Record<string, number>>;
  /** One run: what is timed is the call, until its promise is settled. `signal`: where it may be ended. */
  run(signal?: AbortSignal): Promise<RunFacts | undefined>;
  close(): Promise<void>;
}

export interface Subject<Opened extends OpenSubject = OpenSubject> {
  open(signal: AbortSignal | undefined): Promise<Opened>;
}
