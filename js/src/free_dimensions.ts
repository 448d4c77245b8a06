/** `freeDimensionOverrides`: ONNX Runtime ignores names that the model has not. */
import type { ValueSignature } from './binding.js';
import { describe } from './describe.js';
import { suggestion } from './option.js';
import type { WarningList } from './report.js';

/**
 * One warning for each override that changed nothing. A name that was replaced is gone from the loaded model, so what
 * tells is its size: where no input has a dimension of that size, none was set.
 */
export function warnOverrides(
  overrides: Readonly<Record<string, number>> | undefined,
  inputs: readonly ValueSignature[],
  warnings: WarningList,
): void {
  const dims = inputs.flatMap((input) => input.dims);
  const free = [
    ...new Set(dims.filter((dim) => typeof dim === 'string' && dim !== '')),
  ] as string[];
  for (const [name, size] of Object.entries(overrides ?? {})) {
    if (dims.includes(size)) continue;
    const left = free.length > 0 ? free.map(describe).join(', ') : 'none';
    const message =
      `freeDimensionOverrides has no effect for ${describe(name)}${suggestion(name, free)}: ` +
      `no input has a dimension of that name; free are ${left}`;
    warnings.add({ code: 'OPTION_UNKNOWN', message }, 'INVALID_OPTION');
  }
}
