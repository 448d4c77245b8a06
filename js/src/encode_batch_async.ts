import type { EncodeData, EncodingBatchData, NativeBinding, TokenizerHandle } from './binding.js';
import { coreBinding } from './core.js';
import { unwrap } from './error.js';
import { throwIfAborted } from './source.js';

interface BatchTexts {
  readonly firsts: readonly string[];
  readonly pairs: readonly (string | undefined)[];
  readonly data: EncodeData;
}

/** Encodes on the library's threads where there are any; a module without threads takes a task of its own. */
export async function encodeBatchInBackground(
  handle: TokenizerHandle,
  { firsts, pairs, data }: BatchTexts,
  signal: AbortSignal | undefined,
): Promise<EncodingBatchData> {
  throwIfAborted(signal);
  const binding = await coreBinding();
  if (!isNative(binding)) {
    await new Promise((resolve) => setTimeout(resolve));
    throwIfAborted(signal);
    return unwrap(handle.encodeBatch(firsts, pairs, data, false));
  }
  const cancellation = new binding.Cancellation();
  const abort = () => {
    cancellation.cancel('ABORTED');
  };
  signal?.addEventListener('abort', abort);
  try {
    return unwrap(await binding.encodeBatchAsync(handle, firsts, pairs, data, false, cancellation));
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

function isNative(binding: object): binding is NativeBinding {
  return 'encodeBatchAsync' in binding;
}
