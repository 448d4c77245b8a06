/** The Fastify example, with real requests: right answers, right codes, a new version under load, a clean end. */
import assert from 'node:assert/strict';
import { after as atEnd, before, test } from 'node:test';
import { pipeline } from '../../dist/esm/node.js';
import { LONG, expectVectors, testEmbedding } from './embed_cases.mjs';
import { Server, after, install } from './server_process.mjs';

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

testEmbedding(() => ({ server, embed }));

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
    await expectVectors(embed, ['x'], answer);
  }
  await Promise.all(long);
});

test('a new version takes over without a failed request', async () => {
  let going = true;
  let count = 0;
  const caller = async (number) => {
    while (going) {
      const texts = [`caller ${number}, request ${count}`];
      await expectVectors(embed, texts, await server.post('/embed', { texts }));
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
  await expectVectors(embed, texts, await request);
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

test('signals while the model is loaded: SIGHUP is none of its business, SIGTERM ends it with 0', async () => {
  const early = new Server(folder, ['server.mjs']);
  try {
    await early.listening();
    early.signal('SIGHUP');
    await after(1);
    early.signal('SIGTERM');
    assert.equal(await early.ended(), 0);
  } finally {
    await early.kill();
  }
});

test('a model that can not be loaded ends the process, seen by its code', async () => {
  const broken = new Server(folder, ['server.mjs'], { MODEL: './nowhere' });
  try {
    assert.equal(await broken.ended(), 1);
    assert.match(broken.told, /NOT_FOUND/);
  } finally {
    await broken.kill();
  }
});
