/**
 * `extra`: ONNX Runtime's configuration entries. It takes any name and ignores those that it does not know, so the names
 * are checked here.
 */
import { RUN_CONFIG_KEYS, SESSION_CONFIG_KEYS } from './config_keys.js';
import { describe } from './describe.js';
import { suggestion } from './option.js';
import type { WarningList } from './report.js';

/** `ep.NAME.KEY` is an option of a provider, which may be a plugin that nobody knows. */
const OF_A_PROVIDER = /^ep\.[^.]+\./;

const KEYS = { session: SESSION_CONFIG_KEYS, run: RUN_CONFIG_KEYS };

/** One warning for each name that is not known. The entry is passed on all the same: a newer runtime may know it. */
export function warnEntries(
  of: keyof typeof KEYS,
  entries: Readonly<Record<string, string>>,
  warnings: WarningList,
): void {
  const known = KEYS[of];
  for (const key of Object.keys(entries)) {
    if (known.includes(key) || OF_A_PROVIDER.test(key)) continue;
    const message =
      `unknown ${of} entry ${describe(key)} in extra${suggestion(key, known)}: ` +
      'ONNX Runtime ignores names that it does not know';
    warnings.add({ code: 'OPTION_UNKNOWN', message }, 'INVALID_OPTION');
  }
}
