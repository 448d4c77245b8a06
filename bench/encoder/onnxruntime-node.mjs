import { InferenceSession, Tensor } from 'onnxruntime-node';
import { open as openWith } from './common.mjs';

export const open = (task, options) => openWith(task, options, { InferenceSession, Tensor });
