/** Tensors: each form of the constructor, and what one does with a tensor. */

const TYPED = [
  Float32Array.of(1.5, -2, 0, NaN, -0, Infinity),
  Float64Array.of(0.1, -1e300),
  Int8Array.of(-128, 127),
  Uint8Array.of(0, 255),
  Uint8ClampedArray.of(0, 300, -5),
  Int16Array.of(-32768, 1),
  Uint16Array.of(0, 65535),
  Int32Array.of(-1, 7),
  Uint32Array.of(0, 4294967295),
  BigInt64Array.of(-(2n ** 63n), 5n),
  BigUint64Array.of(2n ** 64n - 1n),
];

export const programs = {
  'new Tensor(data) of each typed array': ({ Tensor }) => TYPED.map((data) => new Tensor(data)),
  'new Tensor(data, dims)': ({ Tensor }) => TYPED.map((data) => new Tensor(data, [data.length, 1])),
  'new Tensor(type, typed array, dims)': ({ Tensor }) =>
    TYPED.map((data) => new Tensor(new Tensor(data).type, data, [1, data.length])),
  'new Tensor(type, numbers)': ({ Tensor }) => [
    new Tensor('float32', [1, 2.5, -3]),
    new Tensor('float64', [0.1]),
    new Tensor('int8', [200]),
    new Tensor('uint8', [-1]),
    new Tensor('int16', [40000]),
    new Tensor('uint16', [1]),
    new Tensor('int32', [1.9]),
    new Tensor('uint32', [7]),
  ],
  'new Tensor of 64-bit integers': ({ Tensor }) => [
    new Tensor('int64', [1n, -2n], [2]),
    new Tensor('int64', [1, -2], [2]),
    new Tensor('uint64', [1n, 2n]),
    new Tensor('uint64', [3]),
    new Tensor('int64', BigInt64Array.from([1, 2, 3].map(BigInt)), [1, 3]),
  ],
  'new Tensor of texts': ({ Tensor }) => [
    new Tensor(['a', 'é', '👩']),
    new Tensor('string', ['a', ''], [2, 1]),
    new Tensor('string', [], [0]),
  ],
  'new Tensor of booleans': ({ Tensor }) => [
    new Tensor([true, false]),
    new Tensor('bool', [true, false], [1, 2]),
    new Tensor('bool', Uint8Array.of(1, 0)),
  ],
  'new Tensor of 16-bit floats': ({ Tensor }) => [
    new Tensor('float16', Uint16Array.of(0x3c00, 0xc000, 0x7e00), [3]),
    new Tensor('float16', new Uint16Array(6).subarray(2, 4), [2]),
  ],
  'new Tensor of 4-bit integers': ({ Tensor }) => [
    new Tensor('uint4', Uint8Array.of(0x21, 0x03), [3]),
    new Tensor('int4', Uint8Array.of(0x21), [2]),
  ],
  'a scalar, nothing, a zero among dims': ({ Tensor }) => [
    new Tensor('float32', [7], []),
    new Tensor('float32', [], [0]),
    new Tensor('float32', new Float32Array(0), [2, 0, 3]),
  ],
  'a view of a larger buffer': ({ Tensor }) => {
    const all = Float32Array.of(0, 1, 2, 3, 4, 5);
    const tensor = new Tensor('float32', all.subarray(2, 4), [2]);
    all[2] = 20;
    return [tensor, tensor.data.byteOffset];
  },
  'type, dims, size, location, data': ({ Tensor }) => {
    const dims = [2, 3];
    const tensor = new Tensor('int32', [1, 2, 3, 4, 5, 6], dims);
    const { type, size, location, data } = tensor;
    return [
      type,
      size,
      location,
      data,
      tensor.dims,
      tensor.dims === dims,
      tensor instanceof Tensor,
    ];
  },
  'reshape(dims)': ({ Tensor }) => {
    const tensor = new Tensor('float32', [1, 2, 3, 4], [4]);
    const shaped = tensor.reshape([2, 2]);
    return [shaped, shaped.data === tensor.data, tensor.dims, tensor.reshape([1, 1, 4])];
  },
  'getData()': async ({ Tensor }) => {
    const tensor = new Tensor('float32', [1, 2]);
    return [await tensor.getData(), await tensor.getData(true), tensor.location];
  },
  'dispose()': ({ Tensor }) => {
    const tensor = new Tensor('float32', [1, 2]);
    tensor.dispose();
    tensor.dispose();
    return tensor.location;
  },
  'Tensor.fromPinnedBuffer(type, data, dims)': ({ Tensor }) => [
    Tensor.fromPinnedBuffer('float32', Float32Array.of(1, 2), [2, 1]),
    Tensor.fromPinnedBuffer('int64', BigInt64Array.of(3n)),
  ],
  'Tensor.fromGpuBuffer(buffer, options)': ({ Tensor }) => {
    const buffer = { size: 16, mapState: 'unmapped' };
    const options = { dataType: 'float32', dims: [4], dispose() {}, download: async () => [] };
    const tensor = Tensor.fromGpuBuffer(buffer, options);
    return [tensor, tensor.gpuBuffer === buffer];
  },
  'Tensor.fromGpuBuffer, getData()': async ({ Tensor }) => {
    const download = async () => Float32Array.of(1, 2);
    const tensor = Tensor.fromGpuBuffer({}, { dims: [2], download, dispose() {} });
    return [await tensor.getData(true), tensor.location];
  },
  'Tensor.fromTexture(texture, options)': ({ Tensor }) =>
    Tensor.fromTexture({}, { width: 2, height: 3, format: 'RGBA' }),
  'Tensor.fromMLTensor(tensor, options)': ({ Tensor }) =>
    Tensor.fromMLTensor({ destroy() {} }, { dataType: 'int8', dims: [2] }),
};

/** For pages: Node has no pictures. */
export const pagePrograms = {
  'Tensor.fromImage(ImageData)': async ({ Tensor }) => {
    const pixels = Uint8ClampedArray.from({ length: 16 }, (_, i) => i * 10);
    const image = new globalThis.ImageData(pixels, 2, 2);
    return [
      await Tensor.fromImage(image),
      await Tensor.fromImage(image, { tensorFormat: 'BGR', dataType: 'float32' }),
      await Tensor.fromImage(image, { tensorFormat: 'RGBA', norm: { mean: 127.5, bias: -1 } }),
      await Tensor.fromImage(image, { resizedWidth: 1, resizedHeight: 1 }),
    ];
  },
  'tensor.toImageData()': ({ Tensor }) => {
    const values = Array.from({ length: 12 }, (_, i) => i / 12);
    const image = new Tensor('float32', values, [1, 3, 2, 2]).toImageData();
    return [image.width, image.height, image.data];
  },
  'tensor.toDataURL()': ({ Tensor }) =>
    new Tensor(
      'float32',
      Array.from({ length: 12 }, (_, i) => i / 12),
      [1, 3, 2, 2],
    ).toDataURL(),
};

/** Each fails. */
export const wrong = {
  'new Tensor() without anything': ({ Tensor }) => new Tensor(),
  'new Tensor of a type that there is not': ({ Tensor }) => new Tensor('float', [1]),
  'new Tensor of numbers without a type': ({ Tensor }) => new Tensor([1, 2]),
  'new Tensor of an empty array without a type': ({ Tensor }) => new Tensor([]),
  'new Tensor with too few elements': ({ Tensor }) => new Tensor('float32', [1, 2, 3], [2, 2]),
  'new Tensor with the wrong array': ({ Tensor }) => new Tensor('int64', Int32Array.of(1), [1]),
  'new Tensor of 16-bit floats from numbers': ({ Tensor }) => new Tensor('uint4', [1.5], [1]),
  'new Tensor with a negative dim': ({ Tensor }) => new Tensor('float32', [1], [-1]),
  'new Tensor with a broken dim': ({ Tensor }) => new Tensor('float32', [1], [0.5]),
  'new Tensor with dims that are a number': ({ Tensor }) => new Tensor('float32', [1], 1),
  'new Tensor of text that is no list': ({ Tensor }) => new Tensor('string', 'abc'),
  'reshape to another size': ({ Tensor }) => new Tensor('float32', [1, 2]).reshape([3]),
  'reshape of a disposed tensor': ({ Tensor }) => {
    const tensor = new Tensor('float32', [1, 2]);
    tensor.dispose();
    return tensor.reshape([2, 1]);
  },
  'dispose(), then data': ({ Tensor }) => {
    const tensor = new Tensor('float32', [1, 2]);
    tensor.dispose();
    return tensor.data;
  },
  'dispose(), then getData()': async ({ Tensor }) => {
    const tensor = new Tensor('float32', [1, 2]);
    tensor.dispose();
    return tensor.getData();
  },
  'data of a tensor on the GPU': ({ Tensor }) => Tensor.fromGpuBuffer({}, { dims: [1] }).data,
  'Tensor.fromImage of nothing': ({ Tensor }) => Tensor.fromImage(),
};
