/** The Fastify example, with real requests: right answers, right codes, a new version under load, a clean end. */
import assert from 'node:assert/strict';
import { after as atEnd, before, test } from 'node:test';
import { pipeline } from '../../dist/esm/node.js';
import { Server, after, install } from './server_process.mjs';

/** Long enough to be still under way when something else has happened. */
const LONG = Array.from({ length: 12_000 }, (_, i) => `some words about number ${i}`);

let folder;
let server;
let embed;
before(async () => {
  folder = await install('fastify');
  embed = await pipeline('feature-extraction');
  server = await new Server(folder, ['server.mjs']).ready();
});
atEnd(async () => {
  await server?.kill();
  await embed?.dispose();
});

async function expectVectors(texts, { status, body }) {
  const expected = await embed(texts);
  assert.equal(status, 200, JSON.stringify(body));
  assert.deepEqual(body.dims, expected.dims);
  assert.deepEqual(Float32Array.from(body.data), expected.data);
}

test('concurrent requests get what the library gives', async () => {
  const requests = Array.from({ length: 40 }, (_, i) => [`text ${i}`, `and another: ${i * 7}`]);
  await Promise.all(
    requests.map(async (texts) => expectVectors(texts, await server.post('/embed', { texts }))),
  );
});

test('a bad request is told all that is wrong with it', async () => {
  const { status, body } = await server.post('/embed', { texts: ['good', 7, null] });
  assert.equal(status, 400);
  assert.equal(body.code, 'INVALID_INPUT');
  assert.deepEqual(
    body.faults.map(({ path }) => path),
    ['texts[1]', 'texts[2]'],
  );
  assert.equal((await server.post('/embed', {})).status, 400);
  assert.equal((await server.post('/embed', '{"texts": [')).status, 400);
  assert.equal((await server.post('/elsewhere', {})).status, 404);
});

test('health and metrics', async () => {
  assert.equal((await server.get('/health/live')).status, 200);
  const { status, body } = await server.get('/health/ready');
  assert.equal(status, 200);
  assert.equal(body.status, 'ok');
  const metrics = await server.get('/metrics');
  assert.match(metrics.headers.get('content-type'), /^text\/plain; version=0\.0\.4/);
  assert.match(metrics.body, /^infercore_runs_total\{service="embedder"\} [1-9]\d*$/m);
  assert.match(metrics.body, /^infercore_latency_seconds_bucket\{service="embedder",le="\+Inf"\}/m);
});

test('a client that goes away ends its request', async () => {
  const controller = new AbortController();
  const request = server.post('/embed', { texts: LONG }, controller.signal);
  await server.until('/health/ready', ({ body }) => body.inFlight === 1);
  controller.abort();
  await assert.rejects(request, { name: 'AbortError' });
  await server.until('/health/ready', ({ body }) => body.inFlight === 0);
  const { body } = await server.get('/metrics');
  assert.match(body, /^infercore_errors_total\{service="embedder",code="ABORTED"\} 1$/m);
});

test('more than the queue takes is refused, and told when to come again', async () => {
  const controller = new AbortController();
  const long = Array.from({ length: 4 }, () =>
    server.post('/embed', { texts: LONG }, controller.signal).catch(() => undefined),
  );
  await server.until('/health/ready', ({ body }) => body.inFlight === 4);
  const works = Array.from({ length: 110 }, () => server.post('/embed', { texts: ['x'] }));
  await server.until('/metrics', ({ body }) => body.includes('code="QUEUE_FULL"} 10\n'));
  controller.abort();
  const answers = await Promise.all(works);
  const refused = answers.filter(({ status }) => status === 503);
  assert.equal(refused.length, 10);
  for (const { headers, body } of refused) {
    assert.equal(headers.get('retry-after'), '1');
    assert.equal(body.code, 'QUEUE_FULL');
  }
  for (const answer of answers.filter(({ status }) => status !== 503)) {
    await expectVectors(['x'], answer);
  }
  await Promise.all(long);
});

test('a new version takes over without a failed request', async () => {
  let going = true;
  let count = 0;
  const caller = async (number) => {
    while (going) {
      const texts = [`caller ${number}, request ${count}`];
      await expectVectors(texts, await server.post('/embed', { texts }));
      count += 1;
    }
  };
  const callers = [1, 2, 3, 4].map(caller);
  server.signal('SIGHUP');
  const { body } = await server.until('/health/ready', (answer) => answer.body.version === '2');
  assert.equal(body.replacements, 1);
  const before = count;
  while (count < before + 20) await after(5);
  going = false;
  await Promise.all(callers);
});

test('SIGTERM: what is under way is answered, then the process ends with 0', async () => {
  const texts = LONG.slice(0, 3000);
  const request = server.post('/embed', { texts });
  await server.until('/health/ready', ({ body }) => body.inFlight === 1);
  server.signal('SIGTERM');
  const draining = await server.until('/health/ready', ({ status }) => status === 503);
  assert.equal(draining.body.state, 'draining');
  const late = await server.post('/embed', { texts: ['too late'] });
  assert.deepEqual([late.status, late.body.code], [503, 'DISPOSED']);
  assert.equal((await server.get('/health/live')).status, 200);
  await expectVectors(texts, await request);
  assert.equal(await server.ended(), 0);
  assert.match(server.told, /"finished":1,"aborted":0,"msg":"drained"/);
});

test('a request that takes too long', async () => {
  const hasty = await new Server(folder, ['server.mjs'], { TIMEOUT_MS: '20' }).ready();
  try {
    const { status, body } = await hasty.post('/embed', { texts: LONG });
    assert.deepEqual([status, body.code], [504, 'TIMEOUT']);
  } finally {
    await hasty.kill();
  }
});

test('a model that can not be loaded ends the process, seen by its code', async () => {
  const broken = new Server(folder, ['server.mjs'], { MODEL: './nowhere' });
  assert.equal(await broken.ended(), 1);
  assert.match(broken.told, /NOT_FOUND/);
});
