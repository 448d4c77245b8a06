import { escaped } from './describe.js';
import { InferError } from './error.js';
import type { Failure } from './error.js';

/** "Can't create a session. ERROR_CODE: 6, ERROR_MESSAGE: No Op registered …" without what only its authors need. */
export function wordsOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const words = /ERROR_MESSAGE:\s*([^]*)$/.exec(text)?.[1] ?? text;
  const clean = words.replace(/^\/\S+\.(cc|h):\d+ [^]*?\)\s*(const\s*)?/, '').trim();
  // Names from the model are among the words as they are.
  return escaped(clean.replaceAll('\n', ' '));
}

/** How onnxruntime-web and the browser say that memory ran out; an overflow is that of a tensor's size. */
const NO_MEMORY =
  /bad_alloc|SafeIntOnOverflow|offset is out of bounds|failed to allocate|out of memory|allocation failed|invalid (typed )?array (buffer )?length/i;
/** The module ended itself: nothing in it can be called any more. */
const ENDED = /^Aborted\(|unreachable|memory access out of bounds|table index is out of bounds/;

export function runtimeError(what: string, error: unknown): InferError {
  return new InferError(failureOf(what, error), { cause: error });
}

function failureOf(what: string, error: unknown): Failure {
  const text = error instanceof Error ? error.message : String(error);
  const message = `onnxruntime-web can't ${what}: ${wordsOf(error)}`;
  if (NO_MEMORY.test(text)) {
    return {
      code: 'LIMIT_EXCEEDED',
      message: `onnxruntime-web can't ${what}: there is not enough memory (${wordsOf(error)})`,
      hint: 'WebAssembly has 4 GB at most, for all sessions of the page: run smaller shapes, dispose what is done with',
    };
  }
  if (ENDED.test(text)) {
    return {
      code: 'RUNTIME_ERROR',
      message,
      hint: 'its module has ended itself and runs nothing more in this page: load the page anew',
    };
  }
  return { code: /ERROR_CODE: 7\b/.test(text) ? 'NOT_A_MODEL' : 'RUNTIME_ERROR', message };
}
