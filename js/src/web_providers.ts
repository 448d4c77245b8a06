import type { InferenceSession as Ort } from 'onnxruntime-common';
import type { ProviderRequest } from './providers.js';
import type { SessionReport } from './report.js';
import { DEFAULT_LOG_LEVEL } from './session_options.js';
import type { SessionSettings } from './session_options.js';
import { surroundings } from './web_surroundings.js';
import { runtimeError, wordsOf } from './web_error.js';
import type { Web } from './web_module.js';

type Skipped = SessionReport['providers']['skipped'][number];

/** Why a provider can't be had here; undefined when it may be tried. */
export function missing(name: string): string | undefined {
  const { navigator } = surroundings;
  switch (name) {
    case 'cpu':
    case 'wasm':
    case 'webgl':
      return undefined;
    case 'webgpu':
      return navigator?.gpu ? undefined : 'there is no WebGPU here (navigator.gpu)';
    case 'webnn':
      return navigator?.ml ? undefined : 'there is no WebNN here (navigator.ml)';
    default:
      return 'onnxruntime-web does not have it';
  }
}

/** What of the user's options onnxruntime-web takes. */
function webOptions({ given }: SessionSettings, providers: readonly unknown[]): Ort.SessionOptions {
  const options: Record<string, unknown> = {
    executionProviders: providers,
    logSeverityLevel: given.logSeverityLevel ?? DEFAULT_LOG_LEVEL,
  };
  const names = [
    'graphOptimizationLevel',
    'enableCpuMemArena',
    'enableMemPattern',
    'executionMode',
    'freeDimensionOverrides',
    'logId',
    'extra',
    'externalData',
    'enableGraphCapture',
  ] as const;
  for (const name of names) if (given[name] !== undefined) options[name] = given[name];
  return options;
}

export interface Created {
  readonly session: Ort;
  readonly used: string[];
  readonly skipped: Skipped[];
}

/** Tries what was asked for, then WebAssembly alone: a device may refuse a model that the CPU runs. */
export async function createWith(
  web: Web,
  bytes: Uint8Array,
  settings: SessionSettings,
): Promise<Created> {
  const skipped: Skipped[] = [];
  const tried: ProviderRequest[] = [];
  for (const request of settings.providers) {
    const reason = missing(request.name);
    if (reason === undefined) tried.push(request);
    else skipped.push({ name: request.name, reason });
  }
  // onnxruntime-web takes both names for its WebAssembly kernels.
  const names = tried.map(({ name }) => (name === 'cpu' ? 'wasm' : name));
  const devices = names.filter((name) => name !== 'wasm');
  try {
    const configs = tried.length > 0 ? tried.map(({ config }) => config) : ['wasm'];
    const session = await web.InferenceSession.create(bytes, webOptions(settings, configs));
    return { session, used: tried.length > 0 ? [...new Set(names)] : ['wasm'], skipped };
  } catch (error) {
    if (devices.length === 0) throw runtimeError('load the model', error);
    const session = await web.InferenceSession.create(bytes, webOptions(settings, ['wasm'])).catch(
      (second: unknown) => {
        throw runtimeError('load the model', second);
      },
    );
    skipped.push(...devices.map((name) => ({ name, reason: wordsOf(error) })));
    return { session, used: ['wasm'], skipped };
  }
}
