/** What both examples have to do: they serve the same paths. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

/** Long enough to be still under way when something else has happened. */
export const LONG = Array.from({ length: 12_000 }, (_, i) => `some words about number ${i}`);

export async function expectVectors(embed, texts, { status, body }) {
  const expected = await embed(texts);
  assert.equal(status, 200, JSON.stringify(body));
  assert.deepEqual(body.dims, expected.dims);
  assert.deepEqual(Float32Array.from(body.data), expected.data);
}

/** @param {() => {server: import('./server_process.mjs').Server, embed: Function}} current while a test runs */
export function testEmbedding(current) {
  test('concurrent requests get what the library gives', async () => {
    const { server, embed } = current();
    const requests = Array.from({ length: 40 }, (_, i) => [`text ${i}`, `and another: ${i * 7}`]);
    await Promise.all(
      requests.map(async (texts) =>
        expectVectors(embed, texts, await server.post('/embed', { texts })),
      ),
    );
  });

  test('a bad request is told all that is wrong with it', async () => {
    const { server } = current();
    const { status, body } = await server.post('/embed', { texts: ['good', 7, null] });
    assert.equal(status, 400);
    assert.equal(body.code, 'INVALID_INPUT');
    assert.deepEqual(
      body.faults.map(({ path }) => path),
      ['texts[1]', 'texts[2]'],
    );
    assert.equal((await server.post('/embed', {})).status, 400);
    assert.equal((await server.post('/embed', 'null')).status, 400);
    assert.equal((await server.post('/embed', '{"texts": [')).status, 400);
    assert.equal((await server.post('/elsewhere', {})).status, 404);
  });

  test('health and metrics', async () => {
    const { server } = current();
    assert.equal((await server.get('/health/live')).status, 200);
    const { status, body } = await server.get('/health/ready');
    assert.equal(status, 200);
    assert.equal(body.status, 'ok');
    const metrics = await server.get('/metrics');
    assert.match(metrics.headers.get('content-type'), /^text\/plain; version=0\.0\.4/);
    assert.match(metrics.body, /^infercore_runs_total\{service="embedder"\} [1-9]\d*$/m);
    assert.match(metrics.body, /^infercore_latency_seconds_count\{service="embedder"\} [1-9]\d*$/m);
  });

  test('a client that goes away ends its request', async () => {
    const { server } = current();
    const controller = new AbortController();
    const request = server.post('/embed', { texts: LONG }, controller.signal);
    await server.until('/health/ready', ({ body }) => body.inFlight === 1);
    controller.abort();
    await assert.rejects(request, { name: 'AbortError' });
    await server.until('/health/ready', ({ body }) => body.inFlight === 0);
    const { body } = await server.get('/metrics');
    assert.match(body, /^infercore_errors_total\{service="embedder",code="ABORTED"\} 1$/m);
  });
}
