/**
 * Sentence vectors over HTTP, with Fastify.
 *
 *   PORT=3000 node server.mjs
 *   curl localhost:3000/embed -H 'content-type: application/json' -d '{"texts": ["It rains."]}'
 *   kill -HUP PID    loads the model anew (MODEL is a folder), without a failed request
 *   kill -TERM PID   answers what is under way, then ends
 */
import { finished } from 'node:stream/promises';
import fastify from 'fastify';
import { InferError, createService, toPrometheus } from 'infercore';

const { PORT = '3000', HOST = '127.0.0.1', MODEL, TIMEOUT_MS = '10000' } = process.env;
const model = MODEL ? { model: MODEL } : {};

/** Undefined until the model is loaded: alive, and not ready. */
let service;
const app = fastify({ logger: true, bodyLimit: 2 ** 20 });

/** What the client can do something about; all other codes are 500. */
const STATUS = {
  INVALID_INPUT: 400,
  INVALID_OPTION: 400,
  ABORTED: 499, // the client went away
  QUEUE_FULL: 503,
  DISPOSED: 503, // the service ends
  TIMEOUT: 504,
};

/** Aborted when the client goes away; request.signal is, in Node 20, as soon as a POST's body was read. */
function clientOf(reply) {
  const controller = new AbortController();
  reply.raw.once('close', () => controller.abort());
  return controller.signal;
}

/** Answers that are not sent yet: closing would take a connection for idle while a large one is on its way. */
const answers = new Set();
app.addHook('onRequest', async (request, reply) => {
  const sent = finished(reply.raw)
    .catch(() => undefined) // the client went away
    .finally(() => answers.delete(sent));
  answers.add(sent);
});

app.setErrorHandler((error, request, reply) => {
  if (!(error instanceof InferError)) return reply.send(error);
  const status = STATUS[error.code] ?? 500;
  if (status === 500) request.log.error(error);
  if (status === 503) reply.header('retry-after', '1');
  const { code, message, faults } = error;
  return reply.code(status).send(status === 500 ? { code } : { code, message, faults });
});

app.post('/embed', async (request, reply) => {
  if (!service) return reply.code(503).header('retry-after', '1').send({ code: 'LOADING' });
  const vectors = await service.run(request.body?.texts, { signal: clientOf(reply) });
  return { dims: vectors.dims, data: Array.from(vectors.data) };
});

app.get('/health/live', () => ({ status: 'ok' }));

app.get('/health/ready', async (request, reply) => {
  reply.code(service?.ready() ? 200 : 503);
  return service ? service.health() : { state: 'loading' };
});

app.get('/metrics', async (request, reply) => {
  reply.type('text/plain; version=0.0.4');
  return service ? toPrometheus(await service.metrics(), { service: service.name }) : '';
});

const leaving = new AbortController();
process.once('SIGTERM', async () => {
  leaving.abort();
  if (service) app.log.info(await service.drain(), 'drained');
  await Promise.all(answers);
  await app.close();
});

process.on('SIGHUP', async () => {
  if (!service) return; // it is being loaded
  try {
    await service.replace(model);
    app.log.info(`version ${service.version} serves`);
  } catch (error) {
    app.log.error(error, `version ${service.version} serves on`);
  }
});

await app.listen({ port: Number(PORT), host: HOST });
service = await createService({
  task: 'feature-extraction',
  name: 'embedder',
  ...model,
  maxConcurrency: 4,
  maxQueue: 100,
  timeoutMs: Number(TIMEOUT_MS),
  drainTimeoutMs: 20_000,
  signal: leaving.signal,
  onWarning: (warning) => app.log.warn(warning),
}).catch((error) => {
  if (!leaving.signal.aborted) throw error;
});
if (service) app.log.info(await service.health(), 'ready');
