/** The Next.js example, built and started as for production: right answers, right codes, a clean end. */
import assert from 'node:assert/strict';
import { after as atEnd, before, test } from 'node:test';
import { run } from '../../scripts/lib/act.mjs';
import { pipeline } from '../../dist/esm/node.js';
import { LONG, expectVectors, testEmbedding } from './embed_cases.mjs';
import { Server, command, install } from './server_process.mjs';

const START = ['start', '-p', '0', '-H', '127.0.0.1'];
const QUIET = { NEXT_TELEMETRY_DISABLED: '1' };

let folder;
let server;
let embed;
before(async () => {
  folder = await install('nextjs');
  const env = { ...process.env, ...QUIET, NODE_ENV: 'production' };
  const options = { cwd: folder, env, capture: true };
  const { output } = await run(process.execPath, [command('next'), 'build'], options);
  assert.doesNotMatch(output, /warning|error/i);
  embed = await pipeline('feature-extraction');
  server = await new Server(folder, [command('next'), ...START], QUIET).ready();
});
atEnd(async () => {
  await server?.kill();
  await embed?.dispose();
});

testEmbedding(() => ({ server, embed }));

test('a request that takes too long', async () => {
  const env = { ...QUIET, TIMEOUT_MS: '20' };
  const hasty = await new Server(folder, [command('next'), ...START], env).ready();
  try {
    const { status, body } = await hasty.post('/embed', { texts: LONG });
    assert.deepEqual([status, body.code], [504, 'TIMEOUT']);
  } finally {
    await hasty.kill();
  }
});

test('SIGTERM: what is under way is answered, then the process ends as Next.js ends', async () => {
  const texts = LONG.slice(0, 3000);
  const request = server.post('/embed', { texts });
  await server.until('/health/ready', ({ body }) => body.inFlight === 1);
  server.signal('SIGTERM');
  await expectVectors(embed, texts, await request);
  assert.equal(await server.ended(), 143);
});

test('a model that can not be loaded ends the process, seen by its code', async () => {
  const env = { ...QUIET, MODEL: './nowhere' };
  const broken = new Server(folder, [command('next'), ...START], env);
  try {
    assert.equal(await broken.ended(), 1);
    assert.match(broken.told, /NOT_FOUND/);
  } finally {
    await broken.kill();
  }
});
