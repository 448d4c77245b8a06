import { escaped } from './describe.js';
import { InferError } from './error.js';
import type { Failure } from './error.js';

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** "Can't create a session. ERROR_CODE: 6, ERROR_MESSAGE: No Op registered …" without what only its authors need. */
export function wordsOf(error: unknown): string {
  const text = textOf(error).replace(/ Build with -sASSERTIONS for more info\.$/, '');
  const words = /ERROR_MESSAGE:\s*([^]*)$/.exec(text)?.[1] ?? text;
  const clean = words
    .replace(/\S+\.(cc|h):\d+ [A-Z]\w* /g, '')
    .replace(/^\/\S+\.(cc|h):\d+ [^]*?\)\s*(const\s*)?/, '')
    .trim();
  // Names from the model are among the words as they are.
  return escaped(clean.replaceAll('\n', ' '));
}

/** How onnxruntime-web and the browser say that memory ran out; an overflow is that of a tensor's size. */
const NO_MEMORY =
  /bad_alloc|SafeIntOnOverflow|shape is too large|offset is out of bounds|(failed to|could not) allocate|out of memory|OOM|allocation failed|invalid (typed )?array (buffer )?length/i;

export function runtimeError(what: string, error: unknown): InferError {
  return new InferError(failureOf(what, error), { cause: error });
}

function failureOf(what: string, error: unknown): Failure {
  const text = textOf(error);
  const message = `onnxruntime-web can't ${what}: ${wordsOf(error)}`;
  if (NO_MEMORY.test(text)) {
    return {
      code: 'LIMIT_EXCEEDED',
      message: `onnxruntime-web can't ${what}: there is not enough memory (${wordsOf(error)})`,
      hint: 'WebAssembly has 4 GB at most, for all sessions of the page: run smaller shapes, dispose what is done with',
    };
  }
  if (/^no available backend found/.test(text)) {
    return {
      code: 'RUNTIME_NOT_FOUND',
      message,
      hint: text.includes('LinkError')
        ? 'env.wasm.wasmBinary is of another build: take ort-wasm-simd-threaded.wasm (ort-wasm-simd-threaded.asyncify.wasm for WebGPU)'
        : 'its .wasm file must be served beside its script or where env.wasm.wasmPaths says; it tries once: load the page anew',
    };
  }
  if (/^unsupported (data )?type: /.test(text)) {
    return {
      code: 'NOT_SUPPORTED',
      message: `${message}: it has no tensors of that type on the CPU`,
      hint: 'let a Cast in the model make inputs and outputs of another type (by number: 16 is bfloat16, 17 to 20 are 8-bit floats)',
    };
  }
  return { code: /ERROR_CODE: 7\b/.test(text) ? 'NOT_A_MODEL' : 'RUNTIME_ERROR', message };
}

/**
 * Nothing in the module can be called any more: it ended itself (abort() throws what a trap does), or was left in the
 * middle, its stack full.
 */
export function endsModule(error: unknown): boolean {
  if (error instanceof WebAssembly.RuntimeError || error instanceof ThreadFailed) return true;
  return error instanceof RangeError && error.message.includes('call stack');
}

/** Of the call that ended the module, and of each that follows. */
export class ModuleEnded extends InferError {
  /** What has happened, whatever was called. */
  readonly summary: string;

  /** @param reason of the end, in the words of the browser */
  constructor(what: string, reason: string, cause?: unknown) {
    super(
      {
        code: NO_MEMORY.test(reason) ? 'LIMIT_EXCEEDED' : 'RUNTIME_ERROR',
        message: `onnxruntime-web can't ${what}: its module ${cause === undefined ? 'ended before' : 'has ended'} (${reason})`,
        hint:
          'document' in globalThis
            ? 'nothing runs in it any more: load the page anew; with worker: true a session has a module of its own, and gets another'
            : 'nothing runs in it any more: a new worker gets a new one',
      },
      { cause },
    );
    this.summary = `onnxruntime-web's module has ended (${reason})`;
  }
}

class ThreadFailed extends Error {}

/**
 * onnxruntime-web waits for ever for a thread whose script fails, and throws the event that says so where nobody
 * catches it. Rejects with what that event says. (What fails before the module is compiled, nobody hears of in a page.)
 */
export function threadFailed(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (!('addEventListener' in globalThis)) return;
    addEventListener(
      'error',
      (event) => {
        const thrown: unknown = event.error;
        if (!(thrown instanceof Event)) return;
        event.preventDefault();
        thrown.preventDefault(); // in a worker it would go on to the page
        const why = thrown instanceof ErrorEvent ? thrown.message : 'its script can not be loaded';
        reject(new ThreadFailed(`a thread failed: ${why}; env.wasm.numThreads = 1 asks for none`));
      },
      { signal },
    );
  });
}
