/** What a program returns, as JSON that keeps every bit that a user can see. */

/** -0, NaN and the like have no JSON; 64-bit integers neither. */
function number(value) {
  if (typeof value === 'bigint') return `${value}n`;
  if (Number.isFinite(value) && !Object.is(value, -0)) return value;
  return Object.is(value, -0) ? '-0' : String(value);
}

const isTensor = (value) => 'dims' in value && 'type' in value && 'location' in value;

function tensor(value) {
  const { type, dims, size, location } = value;
  const data = location === 'cpu' || location === 'cpu-pinned' ? { data: plain(value.data) } : {};
  return { type, dims: [...dims], size, location, ...data };
}

/** Arrays of numbers become one line of text: what differs is shown as a whole. */
export function plain(value) {
  if (value === undefined) return { undefined: true };
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' || typeof value === 'bigint') return number(value);
  if (typeof value === 'function') return { function: true };
  if (ArrayBuffer.isView(value)) {
    return `${value.constructor.name} ${Array.from(value, number).join(' ')}`;
  }
  if (Array.isArray(value)) return value.map(plain);
  if (isTensor(value)) return tensor(value);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)]));
}

/** A failure counts as one whatever it says: messages are each library's own. */
export async function answerOf(program, ort, files) {
  try {
    return { value: plain(await program(ort, files)) };
  } catch (error) {
    return { failed: error instanceof Error, message: String(error?.message ?? error) };
  }
}
