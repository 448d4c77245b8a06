import type { SharedWeightsHandle } from './binding.js';
import { InferError } from './error.js';
import type { Faults } from './fault.js';
import type { Check } from './option.js';
import { currentRuntime } from './runtime.js';

/** For the runtime alone. */
export let handleOf: (weights: SharedWeights) => SharedWeightsHandle;

let isOne: (value: unknown) => boolean;

/**
 * Memory for the weights of sessions, which then have them once together: several sessions of one model (a thread count
 * or a priority each, a new version beside the old one), or models that have weights in common. Native only.
 *
 * Weights are told apart by their bytes, whatever files they come from. A session's outputs are the same to the bit. Each
 * weight is held as long as a session has it, and this object holds none: sessions may outlive it. What ONNX Runtime makes
 * of weights for its kernels (packed copies) is shared, too, and not counted here.
 *
 * Shared are weights of 1 kB and more that matrix products, look-ups and recurrent cells on the CPU take as the model's
 * file has them. Others each session has for itself: what optimizations compute anew (convolutions; attention that becomes
 * one operator), what is on other devices.
 *
 * @throws InferError NOT_SUPPORTED in WebAssembly, where sessions of a page share nothing
 * @example
 * const weights = new SharedWeights(); // native only
 * const small = await InferenceSession.create('model.onnx', { sharedWeights: weights });
 * const large = await InferenceSession.create('model.onnx', { sharedWeights: weights, intraOpNumThreads: 4 });
 * large.report.sharedWeights; // bytes, and of these `reused`: they were there already
 * weights.bytes; // of both together
 */
export class SharedWeights {
  readonly #handle: SharedWeightsHandle;

  static {
    handleOf = (weights) => weights.#handle;
    isOne = (value) => typeof value === 'object' && value !== null && #handle in value;
  }

  constructor() {
    const make = currentRuntime().sharedWeights?.bind(currentRuntime());
    if (!make) {
      throw new InferError({
        code: 'NOT_SUPPORTED',
        message:
          'weights are shared natively alone: onnxruntime-web copies them into each of its sessions',
        hint: 'load a model once a page and run it with several feeds, or in Node import the native build',
      });
    }
    this.#handle = make();
  }

  /** Bytes of the weights held now, each counted once. */
  get bytes(): number {
    return this.#handle.totals().bytes;
  }

  /** Sessions that hold weights here, those that are being loaded included. */
  get sessions(): number {
    return this.#handle.totals().sessions;
  }
}

export const sharedWeights: Check = { expected: 'a SharedWeights', test: isOne };

const PREPACKING = 'session.disable_prepacking';

/** Options that contradict it. */
export function checkSharedWeights(
  weights: unknown,
  configEntries: Readonly<Record<string, string>>,
  faults: Faults,
): void {
  if (weights === undefined || configEntries[PREPACKING] !== '1') return;
  faults.add(
    `extra.${PREPACKING}`,
    `expected no ${PREPACKING} in extra beside sharedWeights: what is packed is shared`,
  );
}
