import { createRequire } from 'node:module';
import type { NativeBinding } from './binding.js';
import { coreSettings } from './core_settings.js';
import { InferError } from './error.js';
import type { CoreReport } from './report.js';
import { usableCores } from './usable_cores.js';

const require = createRequire(import.meta.url);

/**
 * Where the addon can be: the file that INFERCORE_ADDON names (for those who build it themselves), or the package for
 * this platform, which npm installs as an optional dependency.
 */
export function addonCandidates(): string[] {
  const named = process.env['INFERCORE_ADDON'];
  return [...(named ? [named] : []), `@infercore/${process.platform}-${process.arch}`];
}

/** The packages that there are. */
const PACKAGES: readonly string[] = ['@infercore/linux-x64'];

function hint(): string {
  const name = `@infercore/${process.platform}-${process.arch}`;
  return PACKAGES.includes(name)
    ? `npm install --include=optional ${name}; it needs glibc, where there is another C library import infercore/browser`
    : `the addon is there for ${PACKAGES.join(', ')} alone: import infercore/browser, the WebAssembly build runs in Node too`;
}

/** How many threads the addon takes for one piece of work, and who says so. */
export function nativeReport(): CoreReport {
  const { numThreads } = coreSettings();
  const { count, reason } = usableCores();
  return numThreads === undefined
    ? { build: 'addon', threads: count, reason }
    : { build: 'addon', threads: numThreads, reason: 'as env.core.numThreads says' };
}

/** The addon. Needs no ONNX Runtime yet: that is loaded with the first session. */
export function loadNativeCore(): NativeBinding {
  const { threads } = nativeReport();
  const tried: string[] = [];
  for (const candidate of addonCandidates()) {
    try {
      const binding = require(candidate) as NativeBinding;
      binding.limitThreads(usableCores().count, threads);
      return binding;
    } catch (error) {
      tried.push(
        `${candidate}: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`,
      );
    }
  }
  throw new InferError({
    code: 'RUNTIME_NOT_FOUND',
    message: `expected infercore's addon for ${process.platform}-${process.arch}, tried:\n  ${tried.join('\n  ')}\n`,
    hint: hint(),
  });
}
