/** What Node's diagnostics_channel tells of runs. */
import { tracingChannel } from 'node:diagnostics_channel';
import { AsyncLocalStorage } from 'node:async_hooks';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { InferenceSession, Tensor, pipeline } from 'infercore';
import type { InferError, RunTrace } from 'infercore';
import { model } from '../common/models';
import { testModel } from '../common/model_paths';

type Message = RunTrace & { error?: InferError; result?: unknown };
const channel = tracingChannel<unknown, Message>('infercore:run');

let heard: [event: string, message: Message][] = [];
const listen = (event: string) => (message: unknown) => {
  heard.push([event, message as Message]);
};
const subscribers = {
  start: listen('start'),
  end: listen('end'),
  asyncStart: listen('asyncStart'),
  asyncEnd: listen('asyncEnd'),
  error: listen('error'),
};
const events = () => heard.map(([event]) => event);

let session: InferenceSession;
const feeds = { x: new Tensor('float32', [1, 2, 3], [3]) };
beforeEach(async () => {
  session = await InferenceSession.create(model('identity-float32'), { logId: 'mine' });
  heard = [];
  channel.subscribe(subscribers);
});
afterEach(async () => {
  channel.unsubscribe(subscribers);
  await session.dispose();
});

test('a run: one message from its start to its end, complete at the end', async () => {
  const run = session.run(feeds);
  expect(events()).toEqual(['start', 'end']);
  expect(heard[0]?.[1].attributes).toEqual({
    'infercore.target': 'native',
    'infercore.providers': 'cpu',
    'infercore.session.id': 'mine',
    'infercore.operation.name': 'run',
  });
  await run;
  expect(events()).toEqual(['start', 'end', 'asyncStart', 'asyncEnd']);
  expect(new Set(heard.map(([, message]) => message)).size).toBe(1);
  const { attributes } = heard[0]?.[1] ?? { attributes: {} };
  expect(attributes).toMatchObject({
    'infercore.queue.duration': 0,
    'infercore.items': 3,
    'infercore.input.size': 12,
    'infercore.output.size': 12,
    'gen_ai.usage.input_tokens': 0,
  });
  expect(attributes['infercore.run.duration']).toBeGreaterThan(0);
  expect(attributes['infercore.run.duration']).toBeLessThan(60);
});

test('a run that fails: its code', async () => {
  await session.run({}).catch(() => undefined);
  expect(events()).toEqual(['start', 'error', 'end', 'asyncStart', 'asyncEnd'].sort(byHeard));
  const message = heard.find(([event]) => event === 'error')?.[1];
  expect(message?.attributes['error.type']).toBe('INVALID_INPUT');
  expect(message?.error?.code).toBe('INVALID_INPUT');
});
/** Whether a run fails before or after it has returned its promise is not said. */
const byHeard = (a: string, b: string) => events().indexOf(a) - events().indexOf(b);

test('runSync', () => {
  session.runSync(feeds);
  expect(() => session.runSync({})).toThrow();
  expect(events()).toEqual(['start', 'end', 'start', 'error', 'end']);
  expect(heard[1]?.[1].attributes['infercore.operation.name']).toBe('runSync');
  expect(heard[3]?.[1].attributes['error.type']).toBe('INVALID_INPUT');
});

test('a pipeline: its tokens', async () => {
  const embed = await pipeline('feature-extraction', testModel('tiny-bert'));
  await embed('the fox');
  const { attributes } = heard.at(-1)?.[1] ?? { attributes: {} };
  expect(attributes['infercore.operation.name']).toBe('pipeline');
  expect(attributes['infercore.items']).toBe(1);
  expect(attributes['gen_ai.usage.input_tokens']).toBe(
    embed.tokenizer?.encode('the fox').ids.length,
  );
  await embed.dispose();
});

test('the store of a subscriber is that of the run, up to its end', async () => {
  const storage = new AsyncLocalStorage<Message>();
  const stores: unknown[] = [];
  const slow = await InferenceSession.create(model('identity-float32'), {
    slowRunMs: 1e-6,
    onSlowRun: () => stores.push(storage.getStore()),
  });
  channel.start.bindStore(storage);
  await slow.run(feeds);
  channel.start.unbindStore(storage);
  expect(stores).toEqual([heard[0]?.[1]]);
  expect(stores[0]).toBe(heard[0]?.[1]);
  await slow.dispose();
});

test('without subscribers nothing is made, and runs are counted all the same', async () => {
  channel.unsubscribe(subscribers);
  await session.run(feeds);
  expect(heard).toEqual([]);
  expect((await session.metrics()).runs).toBe(1);
  channel.subscribe(subscribers);
});
