import { InferError } from '../error.js';

/**
 * What Node has under this name: onnxruntime-web writes no profile that a page could read.
 *
 * @throws InferError NOT_SUPPORTED
 */
export function profileModel(): Promise<never> {
  return Promise.reject(
    new InferError({
      code: 'NOT_SUPPORTED',
      message:
        'models are profiled in Node alone: onnxruntime-web writes its profile to the console',
      hint: 'infercore profile records it natively; readProfile reads its --trace file in a page, too',
    }),
  );
}
