/** One tensor for each array of numbers: a program that runs often keeps its tensors, too. */
function oncePer(make) {
  const made = new WeakMap();
  return (data) => {
    if (!made.has(data)) made.set(data, make(data));
    return made.get(data);
  };
}

/** The Tensor of a feed, of the engine's own class. */
export const feedOf = (Tensor, shared) =>
  oncePer((data) => {
    const own = shared ? new Float32Array(new SharedArrayBuffer(data.byteLength)) : data;
    if (shared) own.set(data);
    return new Tensor('float32', own, [data.length]);
  });

/** The fetches with a tensor for the output. */
export const targetOf = (Tensor) =>
  oncePer(({ length }) => ({ y: new Tensor('float32', new Float32Array(length), [length]) }));
