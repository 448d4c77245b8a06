import type { TensorData } from '../binding.js';
import { isOnDevice } from '../tensor.js';
import type { AnyTensor } from '../tensor.js';

type Tensors = Readonly<Record<string, TensorData>>;

/** Copies with memory of their own, for the caller may change or keep its arrays; the copies are then transferred. */
export function copied(tensors: Readonly<Record<string, AnyTensor>>): Record<string, TensorData> {
  const copies: Record<string, TensorData> = {};
  for (const [name, tensor] of Object.entries(tensors)) {
    // Feeds on a device are a fault that the session has found before.
    if (isOnDevice(tensor)) throw new Error('a tensor on a device can not be copied');
    const { type, data, dims } = tensor;
    copies[name] = { type, data: data.slice(), dims: [...dims] };
  }
  return copies;
}

/** What of the tensors can go over without a copy: memory that nothing else lies in. */
export function transferables(tensors: Tensors): Transferable[] {
  const buffers = new Set<ArrayBuffer>();
  for (const { data } of Object.values(tensors)) {
    if (!ArrayBuffer.isView(data) || !(data.buffer instanceof ArrayBuffer)) continue;
    if (data.byteLength === data.buffer.byteLength) buffers.add(data.buffer);
  }
  return [...buffers];
}
