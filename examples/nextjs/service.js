import { InferError, createService } from 'infercore';

const { MODEL, TIMEOUT_MS = '10000' } = process.env;

async function start() {
  const service = await createService({
    task: 'feature-extraction',
    name: 'embedder',
    ...(MODEL && { model: MODEL }),
    maxConcurrency: 4,
    maxQueue: 100,
    timeoutMs: Number(TIMEOUT_MS),
    drainTimeoutMs: 20_000,
  });
  // Next.js itself lets answers be sent that are under way, and ends with 143. Here those end that take too long.
  process.once('SIGTERM', () => service.drain());
  return service;
}

/** One for the process: Next.js loads this module once for each of its bundles, and again while you edit. */
export function embedder() {
  globalThis.embedder ??= start().catch((error) => {
    console.error(error);
    process.exit(1); // else Next.js would go on without a model
  });
  return globalThis.embedder;
}

/** What the client can do something about; all other codes are 500. */
const STATUS = {
  INVALID_INPUT: 400,
  INVALID_OPTION: 400,
  ABORTED: 499, // the client went away
  QUEUE_FULL: 503,
  DISPOSED: 503, // the service ends
  TIMEOUT: 504,
};

export function answerTo(error) {
  const status = error instanceof InferError ? (STATUS[error.code] ?? 500) : 500;
  if (status === 500) console.error(error);
  const { code, message, faults } = error;
  return Response.json(status === 500 ? { code: 'INTERNAL' } : { code, message, faults }, {
    status,
    headers: status === 503 ? { 'retry-after': '1' } : {},
  });
}
