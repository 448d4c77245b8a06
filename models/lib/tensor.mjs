/**
 * A tensor that becomes part of a model: type, shape and little-endian bytes.
 *
 *     tensor('float32', [2, 3], [1, 2, 3, 4, 5, 6]);
 *     int64s([0, -1]); // 1-D, the usual shape or axes argument
 *
 * @typedef {'float32' | 'float64' | 'float16' | 'int8' | 'int16' | 'int32' | 'int64' | 'uint8'
 *   | 'uint16' | 'uint32' | 'uint64' | 'bool' | 'string' | 'bfloat16' | 'float8e4m3fn'
 *   | PackedType} DataType
 * @typedef {'uint4' | 'int4'} PackedType two elements a byte: for inputs and outputs, not for constants
 * @typedef {{ type: DataType, dims: number[], bytes: Uint8Array, strings?: string[] }} Tensor
 */

/**
 * Per type: its number in ONNX, its name in safetensors, and the array that holds its elements.
 * float16 elements are given as their 16 bits; strings have no bytes.
 */
export const kDataTypes = {
  float32: { onnx: 1, safetensors: 'F32', array: Float32Array },
  uint8: { onnx: 2, safetensors: 'U8', array: Uint8Array },
  int8: { onnx: 3, safetensors: 'I8', array: Int8Array },
  uint16: { onnx: 4, safetensors: 'U16', array: Uint16Array },
  int16: { onnx: 5, safetensors: 'I16', array: Int16Array },
  int32: { onnx: 6, safetensors: 'I32', array: Int32Array },
  int64: { onnx: 7, safetensors: 'I64', array: BigInt64Array },
  string: { onnx: 8, safetensors: null, array: null },
  uint4: { onnx: 21, safetensors: null, array: null },
  int4: { onnx: 22, safetensors: null, array: null },
  bool: { onnx: 9, safetensors: 'BOOL', array: Uint8Array },
  float16: { onnx: 10, safetensors: 'F16', array: Uint16Array },
  float64: { onnx: 11, safetensors: 'F64', array: Float64Array },
  uint32: { onnx: 12, safetensors: 'U32', array: Uint32Array },
  uint64: { onnx: 13, safetensors: 'U64', array: BigUint64Array },
  // Bits and bytes, as the file has them.
  bfloat16: { onnx: 16, safetensors: 'BF16', array: Uint16Array },
  float8e4m3fn: { onnx: 17, safetensors: 'F8_E4M3', array: Uint8Array },
};

/** @param {readonly number[]} dims @returns {number} elements; 1 for a scalar */
export const countElements = (dims) => dims.reduce((count, dim) => count * dim, 1);

/** @param {DataType} type @returns {number} 0 for strings, which have no fixed size */
export const bytesPerElement = (type) => kDataTypes[type].array?.BYTES_PER_ELEMENT ?? 0;

/**
 * @param {DataType} type
 * @param {readonly number[]} dims [] for a scalar
 * @param {ArrayLike<number | bigint | string>} values row-major; bigint for 64-bit integers. A
 *   typed array of the right kind is referenced, not copied.
 * @returns {Tensor}
 */
export function tensor(type, dims, values) {
  const { array } = kDataTypes[type];
  if (values.length !== countElements(dims)) {
    throw new Error(
      `a tensor of shape [${dims}] needs ${countElements(dims)} values, got ${values.length}`,
    );
  }
  if (array === null) {
    return { type, dims: [...dims], bytes: new Uint8Array(0), strings: Array.from(values, String) };
  }
  const typed = values instanceof array ? values : new array(/** @type {any} */ (values));
  const bytes = new Uint8Array(typed.buffer, typed.byteOffset, typed.byteLength);
  return { type, dims: [...dims], bytes };
}

/** @param {readonly number[]} values @returns {Tensor} 1-D */
export const int64s = (values) => tensor('int64', [values.length], values.map(BigInt));

/** @param {number} value @returns {Tensor} scalar */
export const float = (value) => tensor('float32', [], [value]);

/** @param {Tensor} source of type float32 @returns {Float32Array} its elements, not copied */
export function floatsOf({ type, dims, bytes }) {
  if (type !== 'float32') throw new Error(`expected a float32 tensor, got ${type}`);
  return new Float32Array(bytes.buffer, bytes.byteOffset, countElements(dims));
}

/** @param {Tensor} source @param {readonly number[]} dims @returns {Tensor} the same bytes */
export function reshape(source, dims) {
  if (countElements(dims) !== countElements(source.dims)) {
    throw new Error(`cannot reshape [${source.dims}] to [${dims}]`);
  }
  return { ...source, dims: [...dims] };
}

/** @param {Tensor} source float32 @param {number} factor @returns {Tensor} */
export const scale = (source, factor) =>
  tensor(
    'float32',
    source.dims,
    floatsOf(source).map((value) => value * factor),
  );

/** @param {Tensor} matrix float32 [rows, columns] @returns {Tensor} [columns, rows] */
export function transpose(matrix) {
  const [rows, columns] = matrix.dims;
  const from = floatsOf(matrix);
  const to = new Float32Array(from.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      to[column * rows + row] = from[row * columns + column];
    }
  }
  return tensor('float32', [columns, rows], to);
}
