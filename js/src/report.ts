import type { NativeSessionOptions } from './binding.js';
import type { ErrorCode } from './error.js';
import { InferError } from './error.js';
import type { Placement } from './placement.js';
import type { Warning } from './warning.js';

/** Which build of the core does what is around the model: tokenizing, batches, pooling, search. */
export interface CoreReport {
  readonly build: 'addon' | 'simd' | 'threads';
  readonly threads: number;
  /** Who decided it. */
  readonly reason: string;
}

/** What a session runs on, what it asked for and what it got. Part of the public API. */
export interface SessionReport {
  readonly target: 'native' | 'wasm';
  readonly core: CoreReport;
  /** Does it run in a Web Worker? */
  readonly worker: boolean;
  readonly runtime: { name: string; version: string; path?: string };
  readonly providers: {
    asked: readonly string[];
    available: readonly string[];
    used: readonly string[];
    skipped: readonly { name: string; reason: string }[];
  };
  /** Nodes by provider, as they were before they are fused; absent where the runtime does not tell (WebAssembly). */
  readonly placement?: readonly Placement[];
  readonly threads: { intraOp: number; interOp: number; reason: string };
  /** Bytes of the model's file and of the `externalData` that were given; what ONNX Runtime finds beside it is not counted. */
  readonly modelBytes: number;
  /**
   * With the option `sharedWeights`: bytes of this model's weights that lie there, and of these, bytes that were there before
   * it was loaded.
   */
  readonly sharedWeights?: { bytes: number; reused: number };
  /** What ONNX Runtime was told to do with the graph: 'disabled', 'basic', 'extended', 'layout' or 'all'. */
  readonly graphOptimizationLevel: NativeSessionOptions['graphOptimizationLevel'];
  /**
   * Milliseconds by phase: spawn (of a worker), read, runtime, weights (shared ones), create, verify, warmup; of a pipeline's last call tokenize,
   * run, pool.
   */
  readonly phases: Readonly<Record<string, number>>;
  readonly warnings: readonly Warning[];
}

/** What happens with something that works, but not as it was asked for. */
export type Fallback = 'allow' | 'warn' | 'error';

/** Messages that were printed already: the same one is said once a process or page. */
const printed = new Set<string>();
/** Texts can be part of messages, so a server that runs for months must not collect them without end. */
const MOST_PRINTED = 1000;

/** To whom nobody took the warning: once each, to Node's warnings or the page's console. */
export function print(warning: Warning): void {
  const text = warning.hint ? `${warning.message} (${warning.hint})` : warning.message;
  if (printed.has(text)) return;
  if (printed.size < MOST_PRINTED) printed.add(text);
  if (typeof process !== 'undefined' && typeof process.emitWarning === 'function') {
    process.emitWarning(text, { type: 'InferWarning', code: warning.code });
  } else {
    console.warn(`infercore: ${warning.code}: ${text}`);
  }
}

/**
 * Keeps the warnings of one session and hands them on, as its `fallback` option says: 'allow' keeps them in the report
 * alone, 'warn' tells about them too, 'error' throws.
 */
export class WarningList {
  readonly list: Warning[] = [];

  constructor(
    private readonly fallback: Fallback,
    private readonly onWarning: (warning: Warning) => void = print,
  ) {}

  /**
   * The same warning of a later run adds nothing. Without a `code` it is never an error.
   *
   * @throws InferError `code` when the policy is 'error'
   */
  add(warning: Warning, code?: ErrorCode): void {
    if (code && this.fallback === 'error') throw new InferError({ ...warning, code });
    if (this.list.some(({ message }) => message === warning.message)) return;
    this.list.push(warning);
    if (this.fallback === 'warn') this.onWarning(warning);
  }
  /**
   * About the texts of one call, never an error. Its numbers differ from call to call: the list keeps the latest of
   * each code, and the first is told.
   */
  tell(warning: Warning): void {
    const known = this.list.findIndex(({ code }) => code === warning.code);
    if (known >= 0) {
      this.list[known] = warning;
      return;
    }
    this.list.push(warning);
    if (this.fallback !== 'allow') this.onWarning(warning);
  }
}
