/** The page's settings as plain data, for its workers. */
import { coreSettings, env } from '../core_settings.js';
import { isObject } from '../option.js';
import { runtimeAddresses } from '../web_module.js';
import { absolute } from './portable.js';
import type { Environment } from './protocol.js';

/** The plain data in a value: no functions, no objects with a class of their own, and no getter is called. */
function plain(value: unknown): unknown {
  if (value instanceof URL) return value.href;
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map(plain);
  if (Object.getPrototypeOf(value) !== Object.prototype) return undefined;
  const copy: Record<string, unknown> = {};
  for (const [name, { value: inner }] of Object.entries(Object.getOwnPropertyDescriptors(value))) {
    const kept = plain(inner);
    if (kept !== undefined) copy[name] = kept;
  }
  return copy;
}

function absolutePaths(paths: unknown): unknown {
  if (typeof paths === 'string') return absolute(paths);
  if (!isObject(paths)) return paths;
  return Object.fromEntries(
    Object.entries(paths).map(([name, path]) => [name, absolutePaths(path)]),
  );
}

function withPaths(settings: object): object {
  return 'wasmPaths' in settings
    ? { ...settings, wasmPaths: absolutePaths(settings.wasmPaths) }
    : settings;
}

export function environment(): Environment {
  return {
    wasm: { ...withPaths(plain(env.wasm) as object), proxy: false },
    webgpu: plain(env.webgpu) as object,
    logLevel: env.logLevel,
    core: withPaths(plain(coreSettings()) as object),
    runtime: runtimeAddresses(),
  };
}
