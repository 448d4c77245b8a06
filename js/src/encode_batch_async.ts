import { Abort } from './abort.js';
import type { EncodeData, EncodingBatchData, NativeBinding, TokenizerHandle } from './binding.js';
import { coreBinding } from './core.js';
import { unwrap } from './error.js';
import { nextTask } from './task.js';

interface BatchTexts {
  readonly firsts: readonly string[];
  readonly pairs: readonly (string | undefined)[];
  readonly data: EncodeData;
}

/**
 * Encodes on the library's threads where there are any; a module without threads takes a task of its own.
 *
 * @param handle gives the live handle, or throws DISPOSED: the tokenizer may be disposed while this waits
 */
export async function encodeBatchInBackground(
  handle: () => TokenizerHandle,
  { firsts, pairs, data }: BatchTexts,
  signal: AbortSignal | undefined,
): Promise<EncodingBatchData> {
  return Abort.during('encoding', { signal }, async (abort) => {
    const binding = await coreBinding();
    if (!hasThreads(binding)) {
      await abort.race(nextTask());
      return unwrap(handle().encodeBatch(firsts, pairs, data, false));
    }
    const cancellation = new binding.Cancellation();
    abort.onAbort((reason) => {
      cancellation.cancel(reason);
    });
    return unwrap(
      await binding.encodeBatchAsync(handle(), firsts, pairs, data, false, cancellation),
    );
  });
}

function hasThreads(binding: object): binding is NativeBinding {
  return 'encodeBatchAsync' in binding;
}
