import type { InferenceSession as Ort } from 'onnxruntime-common';
import { refusedOf } from './output_location.js';
import type { Locations } from './output_location.js';
import type { SessionReport } from './report.js';
import type { SessionSettings } from './session_options.js';
import { wordsOf } from './web_error.js';
import type { Device, Devices } from './web_gpu.js';
import { buildOfPaths } from './web_module.js';
import type { Build } from './web_module.js';
import { noDevices, surroundings } from './web_surroundings.js';

export type Skipped = SessionReport['providers']['skipped'][number];

/** What a session is tried with: devices that answered, and why others are left out. */
export interface Plan {
  readonly build: Build;
  /** In the order asked for; empty: WebAssembly alone. */
  readonly devices: readonly Device[];
  /** For onnxruntime-web. */
  readonly providers: readonly unknown[];
  readonly used: readonly string[];
  readonly skipped: readonly Skipped[];
}

/** Why a provider can't be had here at all; undefined when it may be tried. */
export function missing(name: string): string | undefined {
  const { navigator } = surroundings;
  switch (name) {
    case 'cpu':
    case 'wasm':
      return undefined;
    case 'webgpu':
      return navigator?.gpu ? undefined : noDevices('gpu');
    case 'webnn':
      return navigator?.ml ? undefined : noDevices('ml');
    case 'webgl':
      return "onnxruntime-web's WebGL kernels are not used: they lack most operators";
    default:
      return 'onnxruntime-web does not have it';
  }
}

/** Tries the devices that are asked for. Nothing is loaded for one that does not answer. */
export async function planProviders(settings: SessionSettings, devices: Devices): Promise<Plan> {
  const files = buildOfPaths();
  const skipped: Skipped[] = [];
  const found: Device[] = [];
  const providers = new Map<string, unknown>();
  for (const { name, library, config } of settings.providers) {
    const reason = library === undefined ? missing(name) : 'a page loads no libraries';
    if (reason !== undefined) skipped.push({ name, reason });
    // onnxruntime-web takes both names for its WebAssembly kernels.
    else if (name === 'cpu' || name === 'wasm') providers.set('wasm', 'wasm');
    else if (files === 'wasm') {
      skipped.push({ name, reason: 'env.wasm.wasmPaths names the files of a build without it' });
    } else {
      const opened = await devices.open(name, config);
      if ('reason' in opened) skipped.push({ name, reason: opened.reason });
      else {
        found.push(opened.device);
        providers.set(name, opened.device.config);
      }
    }
  }
  if (providers.size === 0) providers.set('wasm', 'wasm');
  return {
    build: files ?? (found.length > 0 ? 'webgpu' : 'wasm'),
    devices: found,
    providers: [...providers.values()],
    used: [...providers.keys()],
    skipped,
  };
}

/** The plan after its devices refused: WebAssembly alone. */
export function withoutDevices(plan: Plan, error: unknown): Plan {
  const reason = wordsOf(error);
  return {
    build: buildOfPaths() ?? 'wasm',
    devices: [],
    providers: ['wasm'],
    used: ['wasm'],
    skipped: [...plan.skipped, ...plan.devices.map(({ provider }) => ({ name: provider, reason }))],
  };
}

/** The bytes of a model and of the files around it: a Blob of what is kept, since the browser may put it on disk. */
export interface ModelParts<Bytes extends Uint8Array | Blob> {
  readonly model: Bytes;
  readonly external: readonly { readonly path: string; readonly data: Bytes }[];
}

/** What of the user's options onnxruntime-web takes. */
export function webOptions(
  settings: SessionSettings,
  plan: Plan,
  { external }: Pick<ModelParts<Uint8Array | Blob>, 'external'>,
): Ort.SessionOptions {
  const { given } = settings;
  const options: Record<string, unknown> = {
    executionProviders: plan.providers,
    graphOptimizationLevel: settings.graphLevel,
    logSeverityLevel: settings.logSeverityLevel,
  };
  const names = [
    'enableCpuMemArena',
    'enableMemPattern',
    'executionMode',
    'freeDimensionOverrides',
    'logId',
    'extra',
  ] as const;
  for (const name of names) if (given[name] !== undefined) options[name] = given[name];
  if (external.length > 0) options['externalData'] = external;
  // onnxruntime-web refuses more, and says nothing more either.
  if (given.logVerbosityLevel !== undefined) {
    options['logVerbosityLevel'] = Math.min(given.logVerbosityLevel, 4);
  }
  // Without a device onnxruntime-web would refuse the session.
  if (plan.devices.length > 0 && given.enableGraphCapture) options['enableGraphCapture'] = true;
  const { kept } = outputLocations(given, plan);
  if (kept !== undefined) options['preferredOutputLocation'] = kept;
  // onnxruntime-web writes a default of its own into it.
  if (given.extra) options['extra'] = structuredClone(given.extra);
  return options;
}

/** Of `preferredOutputLocation`, what the devices can keep, and the places that they have not. */
export function outputLocations(
  { preferredOutputLocation: asked }: SessionSettings['given'],
  { devices }: Pick<Plan, 'devices'>,
): { kept: Locations; refused: readonly string[] } {
  const places = ['cpu', 'cpu-pinned', ...devices.map(locationOf)];
  const refused = refusedOf(asked, places);
  if (typeof asked !== 'object') return { kept: refused.length > 0 ? undefined : asked, refused };
  const kept = Object.entries(asked).filter(([, place]) => places.includes(place));
  return { kept: kept.length > 0 ? Object.fromEntries(kept) : undefined, refused };
}

/** Where tensors of a device are, in onnxruntime-common's words. */
export function locationOf({ provider }: Device): 'gpu-buffer' | 'ml-tensor' {
  return provider === 'webgpu' ? 'gpu-buffer' : 'ml-tensor';
}
