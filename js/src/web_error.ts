import { InferError } from './error.js';

/** "Can't create a session. ERROR_CODE: 6, ERROR_MESSAGE: No Op registered …" without what only its authors need. */
export function wordsOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const words = /ERROR_MESSAGE:\s*([^]*)$/.exec(text)?.[1] ?? text;
  return words.replace(/^\/\S+\.(cc|h):\d+ [^]*?\)\s*(const\s*)?/, '').trim();
}

export function runtimeError(what: string, error: unknown): InferError {
  const message = `onnxruntime-web can't ${what}: ${wordsOf(error)}`;
  const protobuf = /ERROR_CODE: 7\b/.test(error instanceof Error ? error.message : '');
  return new InferError(
    { code: protobuf ? 'NOT_A_MODEL' : 'RUNTIME_ERROR', message },
    { cause: error },
  );
}
