import { Tensor } from 'onnxruntime-common';
import { env } from './core_settings.js';
import { listSupportedBackends } from './runtime.js';
import { InferenceSession } from './session.js';

/**
 * For `import ort from`, as programs write it for onnxruntime: what its packages have there. A plain object: bundlers leave
 * it out of programs that take the names alone.
 */
export const ort = { InferenceSession, Tensor, env, listSupportedBackends };
