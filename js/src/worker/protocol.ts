/**
 * What a page and its worker tell each other: all of it plain data. The page asks one thing at a time; the worker
 * answers each question once, and may tell of progress and warnings before.
 */
import type { Env } from 'onnxruntime-common';
import type { TensorData, ValueSignature } from '../binding.js';
import type { CoreSettings } from '../core_settings.js';
import type { Failure } from '../error.js';
import type { SessionReport } from '../report.js';
import type { RunSettings } from '../run_options.js';
import type { SessionSettings } from '../session_options.js';
import type { ProgressEvent } from '../source.js';
import type { Warning } from '../warning.js';

/** What the user set for the whole page, which holds in the worker too. */
export interface Environment {
  readonly wasm: object;
  readonly webgpu: object;
  readonly logLevel: Env['logLevel'];
  readonly core: CoreSettings;
  /** Where the page's import map has the builds of onnxruntime-web: a worker knows no import map. */
  readonly runtime: Readonly<Record<string, string>>;
}

/** What a session is made of, again and again: an absolute address, a file, or bytes that a Blob keeps. */
export interface SessionRecipe {
  readonly source: string | Blob | { readonly bytes: Blob };
  readonly settings: SessionSettings;
}

export interface PipelineRecipe {
  readonly model: string | ReadonlyMap<string, string | Blob> | undefined;
  /** As the user gave them, without callbacks and signal: the worker's checks judge them. */
  readonly options: object;
}

export interface OpenedInWorker {
  readonly inputs: readonly ValueSignature[];
  readonly feedable: readonly ValueSignature[];
  readonly outputs: readonly ValueSignature[];
  readonly report: Pick<SessionReport, 'runtime' | 'providers' | 'threads' | 'phases'>;
  readonly phases: Readonly<Record<string, number>>;
  readonly size: number;
  /** All of them, those too that nobody is to be told about. */
  readonly warnings: readonly Warning[];
}

/** Each question with its answer. */
export interface Calls {
  openSession: {
    argument: { readonly environment: Environment; readonly recipe: SessionRecipe };
    result: OpenedInWorker;
  };
  openPipeline: {
    argument: { readonly environment: Environment; readonly recipe: PipelineRecipe };
    result: { readonly report: SessionReport };
  };
  run: {
    argument: {
      readonly feeds: Readonly<Record<string, TensorData>>;
      readonly fetches: readonly string[];
      readonly settings: Pick<
        RunSettings,
        'logSeverityLevel' | 'logVerbosityLevel' | 'tag' | 'configEntries'
      >;
    };
    result: {
      readonly outputs: Record<string, TensorData>;
      /** They change when a device is lost. */
      readonly providers: SessionReport['providers'];
    };
  };
  embed: {
    argument: { readonly texts: readonly string[]; readonly options: object };
    result: {
      readonly data: Float32Array;
      readonly dims: readonly number[];
      readonly report: SessionReport;
    };
  };
}

export type CallName = keyof Calls;

export type Request =
  | {
      [Name in CallName]: {
        readonly id: number;
        readonly call: Name;
        readonly argument: Calls[Name]['argument'];
      };
    }[CallName]
  | { readonly id: number; readonly call: 'abort' };

export type Message =
  /** `lock`: held as long as the worker lives, so that the page hears of its end. */
  | { readonly kind: 'ready'; readonly lock: string | undefined }
  | { readonly kind: 'warning'; readonly warning: Warning }
  /** Nothing can be run in there any more: this is a crash. */
  | { readonly kind: 'ended'; readonly reason: string }
  | { readonly kind: 'progress'; readonly id: number; readonly event: ProgressEvent }
  | { readonly kind: 'result'; readonly id: number; readonly result: Calls[CallName]['result'] }
  | {
      readonly kind: 'error';
      readonly id: number;
      readonly failure: Failure;
      readonly cause: string | undefined;
    };
