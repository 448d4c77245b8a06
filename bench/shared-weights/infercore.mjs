import { InferenceSession, SharedWeights, Tensor } from '../../dist/esm/node.js';
import { open as openWith } from '../encoder/common.mjs';

export function open(task, { session, shared }) {
  const options = {
    session: { ...session, ...(shared && { sharedWeights: new SharedWeights() }) },
  };
  return openWith(task, options, { InferenceSession, Tensor });
}
