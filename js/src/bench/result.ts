/** What a benchmark gives: plain data, as js/src/bench/bench-result.schema.json describes them. */
import type { ErrorCode } from '../error.js';
import type { BenchSummary } from '../summary.js';
import type { Configuration } from './configuration.js';
import type { Digest } from './digest.js';
import type { BenchWarning } from './warnings.js';

/** Another number means that programs which read results have to be changed. */
export const SCHEMA_VERSION = 1;

export interface MachineFacts {
  /** Node and its version, or the browser's user agent. */
  readonly host: string;
  readonly system: string;
  readonly cpu: {
    readonly model?: string;
    readonly cores: number;
    /** Where a container's quota or an affinity allows fewer. */
    readonly usable?: number;
    /** Instruction sets, the widest first. */
    readonly simd: readonly string[];
  };
  readonly gpu?: string;
  readonly memoryBytes?: number;
}

/** A file of the model that was measured. */
export interface ModelFacts {
  readonly dtype: Configuration['dtype'];
  readonly bytes: number;
  /** Absent where a page may not compute it. */
  readonly sha256?: string;
}

/** What the numbers depend on. */
export interface BenchContext {
  readonly date: string;
  readonly versions: { readonly infercore: string; readonly runtime: string };
  readonly target: 'native' | 'wasm';
  /** The core's build and threads, and who decided it. */
  readonly core: { readonly build: string; readonly threads: number; readonly reason: string };
  readonly machine: MachineFacts;
  /** May threads share memory? Absent where that is no question. */
  readonly isolated?: boolean;
  /** The smallest step of the clock, in milliseconds. */
  readonly timerResolutionMs: number;
  /** Processes that wanted a core before it began. */
  readonly loadBefore?: number;
  readonly model: { readonly name: string; readonly files: readonly ModelFacts[] };
  readonly inputs: {
    readonly kind: 'texts' | 'made' | 'given';
    readonly texts?: number;
    /** By which inputs are told apart: of texts, of given tensors, of sizes and of the vocabulary. */
    readonly sum?: string;
  };
  readonly seed: number;
  readonly options: {
    readonly warmups: number;
    readonly warmupMs: number;
    readonly runs: number;
    readonly minMs: number;
    readonly maxRuns: number;
    readonly budgetMs?: number;
    /** Options of each session beside those of its configuration, as far as they are plain data. */
    readonly session: Readonly<Record<string, unknown>>;
  };
}

export interface Throughput {
  /** Rows or texts. */
  readonly itemsPerSecond: number;
  /** Real tokens, without padding. */
  readonly tokensPerSecond?: number;
  /** Share of the tokens that only fill rows up. */
  readonly paddingWaste?: number;
}

/** Bytes: of all the process ('rss'), or of JavaScript's heap in a page. */
export interface MemoryFacts {
  readonly kind: 'rss' | 'jsHeap';
  readonly before: number;
  readonly loaded: number;
  readonly afterRuns: number;
}

/** What a configuration ran on. */
export interface UsedFacts {
  readonly providers: readonly string[];
  readonly threads: number;
  readonly worker: boolean;
}

/** Requests that came when they came, whether or not earlier ones were answered. */
export interface ArrivalFacts {
  /** Requests a second, on average. */
  readonly rate: number;
  readonly seconds: number;
  readonly requests: number;
  /** Of them, those without an answer as long after the last one as they came. */
  readonly unanswered: number;
  /** From when a request was to come until it was answered. */
  readonly latency?: BenchSummary;
  readonly samples: readonly number[];
}

/** How late timers fired while runs were under way. */
export interface EventLoopFacts {
  readonly runs: number;
  readonly delay?: BenchSummary;
  /** The same while nothing happened. */
  readonly idle?: BenchSummary;
}

/** From the start of a process to its first result. */
export interface ColdStartFacts {
  readonly total?: BenchSummary;
  readonly samples: readonly number[];
  /** Medians by phase: process (until the program runs), load, firstRun. */
  readonly phases: Readonly<Record<string, number>>;
  /** Median of the bytes that the processes had in the end. */
  readonly memoryBytes?: number;
}

export interface ConfigurationResult {
  /** By which results are matched. */
  readonly id: string;
  readonly configuration: Configuration;
  /** 'partial': fewer samples than asked for; 'skipped': none; 'failed': it can't run. */
  readonly status: 'complete' | 'partial' | 'skipped' | 'failed';
  readonly stopped?: 'aborted' | 'budget';
  readonly error?: { readonly code: ErrorCode | 'INTERNAL'; readonly message: string };
  readonly used?: UsedFacts;
  /**
   * Milliseconds by phase: download, open (all of the opening; of it spawn, read, runtime, create), firstRun, warmup,
   * runs, dispose.
   */
  readonly phases: Readonly<Record<string, number>>;
  /** Milliseconds of each run, in their order. */
  readonly samples: readonly number[];
  readonly latency?: BenchSummary;
  /** Of the parts of a run, in milliseconds: tokenize, run, postProcess. */
  readonly parts: Readonly<Record<string, BenchSummary>>;
  readonly throughput?: Throughput;
  readonly memory?: MemoryFacts;
  readonly digest?: Digest;
  readonly arrivals?: ArrivalFacts;
  readonly eventLoop?: EventLoopFacts;
  readonly coldStart?: ColdStartFacts;
  readonly warnings: readonly BenchWarning[];
}

/** A configuration that is best, and those that can't be told from it. */
export interface Best {
  readonly id: string;
  readonly tied: readonly string[];
}

export interface BenchResult {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  readonly context: BenchContext;
  /** Was every configuration measured as asked for? */
  readonly complete: boolean;
  readonly stopped?: 'aborted' | 'budget';
  /** What outputs were compared with. */
  readonly reference: Configuration;
  readonly configurations: readonly ConfigurationResult[];
  /** Of configurations that compute what the reference does, on the provider that was asked for. */
  readonly best: { readonly latency?: Best; readonly throughput?: Best };
  readonly warnings: readonly BenchWarning[];
}
