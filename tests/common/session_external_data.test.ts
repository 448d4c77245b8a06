/** `externalData`: the same on both targets, from addresses, Blobs and bytes. */
import { describe, expect, test } from '@jest/globals';
import { InferenceSession, Tensor } from 'infercore';
import type { SessionOptions } from 'infercore';
import { readFileSync } from 'node:fs';
import { testModel } from './model_paths';
import { errorOf, faultsOf, model, modelBytes } from './models';

type ExternalData = NonNullable<SessionOptions['externalData']>;

const path = testModel('external-data/weights.bin');
const weights = (): Uint8Array<ArrayBuffer> => new Uint8Array(readFileSync(path));
const bytes = () => modelBytes('external-data/model');

/** y of x = 0, which is the weights. */
async function loaded(source: string | Uint8Array, externalData: unknown): Promise<number[]> {
  const session = await InferenceSession.create(source as string, {
    externalData: externalData as ExternalData,
    fallback: 'allow',
  });
  const { y } = await session.run({ x: new Tensor('float32', new Float32Array(4), [1, 4]) });
  await session.dispose();
  return [...(y?.data as Float32Array)];
}

describe('of a model given as bytes', () => {
  const ways: [string, () => unknown][] = [
    ['bytes', () => weights()],
    ['a buffer', () => weights().buffer],
    ['a Blob', () => new Blob([weights()])],
    ['an address', () => path],
  ];
  test.each(ways)('%s', async (_, data) => {
    expect(await loaded(bytes(), [{ path: 'weights.bin', data: data() }])).toEqual([1, 2, 3, 4]);
    expect(await loaded(bytes(), [{ path: './weights.bin', data: data() }])).toEqual([1, 2, 3, 4]);
  });

  test('bytes may be changed once the session is there', async () => {
    const data = weights();
    const session = await InferenceSession.create(bytes(), {
      externalData: [{ path: 'weights.bin', data }],
    });
    data.fill(0);
    const { y } = await session.run({ x: new Tensor('float32', new Float32Array(4), [1, 4]) });
    expect(y?.data).toEqual(Float32Array.of(1, 2, 3, 4));
    await session.dispose();
  });
});

describe('of a model given by its address', () => {
  test('by their address alone: the model calls them as they lie in its folder', async () => {
    expect(await loaded(model('external-data/model'), [path])).toEqual([1, 2, 3, 4]);
  });

  test('other bytes than those that lie beside it', async () => {
    const data = weights();
    data.fill(0, 16);
    const files = [{ path: 'weights.bin', data }];
    expect(await loaded(model('external-data/model'), files)).toEqual([0, 0, 0, 0]);
  });
});

describe('what is wrong is told', () => {
  test('all at once, before anything is read', async () => {
    const data = new Uint8Array(1);
    const files = [
      { path: '../weights.bin', data },
      { path: '/etc/passwd', data },
      { path: 'C:\\weights.bin', data },
      { path: 'a/../../b', data },
      { path: 'a', data: 7 },
      7,
      { path: 'b', data },
      { path: './b', data },
    ];
    expect(await faultsOf(loaded('no-such.onnx', files), 'INVALID_OPTION')).toEqual([
      'expected a path inside the model\'s folder for externalData[0].path, received "../weights.bin"',
      'expected a path inside the model\'s folder for externalData[1].path, received "/etc/passwd"',
      'expected a path inside the model\'s folder for externalData[2].path, received "C:\\\\weights.bin"',
      'expected a path inside the model\'s folder for externalData[3].path, received "a/../../b"',
      'expected a path, a URL, a Blob or bytes for externalData[4].data, received 7',
      'expected a path, a URL or an object of path and data for externalData[5], received 7',
      'expected each path once, received "b" again as externalData[7].path',
    ]);
    expect(await faultsOf(loaded('no-such.onnx', 'weights.bin'), 'INVALID_OPTION')).toEqual([
      'expected an array of files for externalData, received "weights.bin"',
    ]);
  });

  const wrong: [string, () => unknown[] | undefined, string][] = [
    ['none', () => undefined, 'externalData gives nothing'],
    ['one of another name', () => [{ path: 'weight.bin', data: weights() }], '"weight.bin"'],
    ['one too short', () => [{ path: 'weights.bin', data: weights().subarray(0, 20) }], 'bounds'],
    ['one that is empty', () => [{ path: 'weights.bin', data: new Uint8Array() }], 'bounds'],
  ];
  test.each(wrong)('%s', async (_, files, words) => {
    const error = await errorOf(loaded(bytes(), files()), 'RUNTIME_ERROR');
    expect(error.message.toLowerCase()).toContain(words.toLowerCase());
    expect(error.message).toContain('by the names that the model has for them');
    expect(error.message).not.toMatch(/\.cc:\d/);
  });

  test('a file that is not there', async () => {
    const files = [{ path: 'weights.bin', data: testModel('external-data/no-such.bin') }];
    const { message } = await errorOf(loaded(bytes(), files), 'NOT_FOUND');
    expect(message).toContain('the external data "weights.bin"');
    expect(message).toContain('no-such.bin');
  });

  test.each(['../../x.bin', '/etc/passwd'])('a model that names %s', async (location) => {
    const model = bytes();
    const at = new TextDecoder('latin1').decode(model).indexOf('weights.bin');
    model.set(new TextEncoder().encode(location), at);
    const { message } = await errorOf(loaded(model, undefined), 'RUNTIME_ERROR');
    expect(message).toContain('externalData gives nothing');
  });
});
