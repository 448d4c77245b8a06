import { InferenceSession, Tensor } from '../../dist/esm/node.js';
import { open as openWith } from './common.mjs';

export const open = (task, options) => openWith(task, options, { InferenceSession, Tensor });
