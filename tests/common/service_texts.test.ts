/** A service of texts: a pipeline with health, known vectors and new versions. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { createService, pipeline, Tensor } from 'infercore';
import type { EmbeddingServiceOptions, Service, Warning } from 'infercore';
import { testModel } from './model_paths';
import { errorOf, faultsOf } from './models';
import { besideAmbient, testQuick } from './surroundings';

const open: Service<'feature-extraction'>[] = [];
const told: Warning[] = [];
const FOLDER = testModel('tiny-sentence');
async function create(options: Partial<EmbeddingServiceOptions> = {}) {
  const service = await createService({
    task: 'feature-extraction',
    model: FOLDER,
    onWarning: (warning) => told.push(warning),
    ...options,
  });
  open.push(service);
  return service;
}
afterEach(async () => {
  for (const service of open.splice(0)) await service.drain();
  expect(besideAmbient(told.splice(0))).toEqual([]);
});

async function vectorsOf(texts: string | readonly string[], folder = FOLDER): Promise<Tensor> {
  const embed = await pipeline('feature-extraction', folder);
  const vectors = await embed(texts);
  await embed.dispose();
  return vectors;
}
const TEXTS = ['it rains', 'the sun shines'];

describe('a service of texts', () => {
  testQuick('serves as the pipeline would, and counts', async () => {
    const service = await create({ maxConcurrency: 2 });
    const expected = await vectorsOf(TEXTS);
    const actual = await service.run(TEXTS);
    expect(actual.dims).toEqual(expected.dims);
    expect(actual.data).toEqual(expected.data);
    const all = await Promise.all(Array.from({ length: 8 }, () => service.run('it rains')));
    const [first] = all;
    for (const { data } of all) expect(data).toEqual(first?.data);
    const metrics = await service.metrics();
    expect(metrics).toMatchObject({ runs: 9, items: 10, errors: {}, inFlight: 0 });
    expect(metrics.latencyMs.count).toBe(9);
    expect(await service.health()).toMatchObject({ status: 'ok', loaded: true, target: TARGET });
  });

  test('tells what is wrong with a request', async () => {
    const service = await create();
    const faults = await faultsOf(service.run(['a', 7, null] as never), 'INVALID_INPUT');
    expect(faults).toHaveLength(2);
    await errorOf(service.run('a', { poolin: 'mean' } as never), 'INVALID_OPTION');
    await errorOf(service.run('a', 'mean' as never), 'INVALID_OPTION');
    await errorOf(service.run('a', { signal: AbortSignal.abort() }), 'ABORTED');
    expect(await service.health()).toMatchObject({ status: 'ok', inFlight: 0, queued: 0 });
  });

  test('is verified by texts whose vectors are known, uncounted', async () => {
    const expected = await vectorsOf(TEXTS);
    const service = await create({ knownInputs: { inputs: TEXTS, expected } });
    expect(await service.health({ deep: true })).toMatchObject({
      status: 'ok',
      knownInputs: { matches: true },
    });
    if (!PLACE.options.worker) expect((await service.metrics()).runs).toBe(0);
    const other = new Tensor('float32', new Float32Array(expected.data.length), expected.dims);
    const error = await errorOf(
      create({ knownInputs: [{ inputs: TEXTS, expected: other }] }),
      'VERIFY_FAILED',
    );
    expect(error.message).toContain('vectors');
  });

  test('takes a new version, and stays with the old one where there is none', async () => {
    const service = await create();
    const old = await service.run('it rains');
    await errorOf(service.replace({ model: testModel('nowhere') }), 'NOT_FOUND');
    const works = Array.from({ length: 4 }, () => service.run('it rains'));
    await service.replace({ model: testModel('tiny-bert'), version: 'tokens' });
    for (const { data } of await Promise.all(works)) expect(data).toEqual(old.data);
    expect((await service.run('it rains')).dims).toHaveLength(3);
    expect(await service.health()).toMatchObject({ version: 'tokens', status: 'ok' });
    expect((await service.metrics()).runs).toBe(6);
    expect(await service.drain()).toEqual({ finished: 0, aborted: 0 });
    await errorOf(service.run('it rains'), 'DISPOSED');
  });

  test('tells all that is wrong with its options', async () => {
    const faults = await faultsOf(
      createService({
        task: 'feature-extraction',
        dtype: 'fp8',
        maxTokensPerBatch: 0,
        batching: true,
        knownInputs: [{ inputs: [7], expected: [1] }, 3],
        warmup: [],
        constraint: {},
      } as never),
      'INVALID_OPTION',
    );
    for (const expected of [
      /for dtype, received "fp8"/,
      /for maxTokensPerBatch, received 0/,
      /unknown option "batching": a pipeline puts the texts of a call together itself/,
      /a text or an array of texts for knownInputs\[0\].inputs/,
      /the Tensor of their vectors for knownInputs\[0\].expected/,
      /\{ inputs, expected \} for knownInputs\[1\], received 3/,
      /unknown option "constraint" \(did you mean "constraints"\?\)/,
    ]) {
      expect(faults).toContainEqual(expect.stringMatching(expected));
    }
    const [task] = await faultsOf(
      createService({ task: 'translation', model: FOLDER } as never),
      'INVALID_OPTION',
    );
    expect(task).toContain('expected one of "feature-extraction" for task');
  });
});
