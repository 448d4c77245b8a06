/** Models and tokenizers as a user chooses or drops them: File, Blob, a list of files, a source for each name. */
import { afterAll, describe, expect, test } from '@jest/globals';
import { InferenceSession, Tokenizer, pipeline } from 'infercore';
import type { FeatureExtraction, ProgressEvent } from 'infercore';
import { readFileSync } from 'node:fs';
import { testModel } from './model_paths';
import { errorOf, modelBytes } from './models';
import { testIf } from './surroundings';

const NAMES = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/model.onnx'];
const FOLDER = 'tiny-bert';
const bytesOf = (name: string) => new Uint8Array(readFileSync(testModel(`${FOLDER}/${name}`)));
const blob = (name: string) => new Blob([bytesOf(name)]);

/** As `<input type="file" webkitdirectory>` gives it: Node and some browsers have a File without a place. */
function chosen(name: string, below = `${FOLDER}/`): File {
  const file = new File([bytesOf(name)], name.split('/').at(-1) ?? '');
  return Object.defineProperty(file, 'webkitRelativePath', { value: below && `${below}${name}` });
}

const open: { dispose: () => unknown }[] = [];
afterAll(async () => {
  for (const each of open) await each.dispose();
});
async function embed(model: Parameters<typeof pipeline>[1]): Promise<number[]> {
  const extract: FeatureExtraction = await pipeline('feature-extraction', model);
  open.push(extract);
  const { data } = await extract('a text', { pooling: 'mean' });
  return [...(data as Float32Array)];
}

describe('one file', () => {
  test('a model, with progress', async () => {
    const file = new File([modelBytes('add') as Uint8Array<ArrayBuffer>], 'add.onnx');
    const events: ProgressEvent[] = [];
    const session = await InferenceSession.create(file, { onProgress: (e) => events.push(e) });
    open.push(session);
    expect(session.inputNames).toEqual(['a', 'b']);
    expect(events).toContainEqual({ phase: 'read', loaded: file.size, total: file.size });
  });

  test('what is no model is named', async () => {
    const file = new File(['<!doctype html><title>x</title>'], 'model.onnx');
    const error = await errorOf(InferenceSession.create(file), 'NOT_A_MODEL');
    expect(error.message).toContain(
      'the file "model.onnx": expected an ONNX model, received an HTML',
    );
    await errorOf(InferenceSession.create(new Blob([])), 'NOT_A_MODEL');
  });

  test('a tokenizer', async () => {
    const tokenizer = await Tokenizer.from(blob('tokenizer.json'));
    open.push(tokenizer);
    expect(tokenizer.encode('a text').length).toBeGreaterThan(0);
    await errorOf(Tokenizer.from(new Blob(['<html>'])), 'NOT_A_TOKENIZER');
  });

  const testHere = testIf(!PLACE.options.worker, 'a worker gets another File of the same bytes');
  testHere('a file that can be read no more', async () => {
    const file = new File(['x'], 'moved.onnx');
    const broken = new ReadableStream({
      pull: () => Promise.reject(new DOMException('it was moved', 'NotFoundError')),
    });
    Object.defineProperty(file, 'stream', { value: () => broken });
    const error = await errorOf(InferenceSession.create(file), 'NOT_FOUND');
    expect(error.message).toContain('the file "moved.onnx"');
    expect(error.hint).toContain('chosen again');
  });

  test('an abort ends the reading', async () => {
    const never = new File(['x'], 'never.onnx');
    Object.defineProperty(never, 'stream', { value: () => new ReadableStream() });
    const controller = new AbortController();
    const create = InferenceSession.create(never, { signal: controller.signal });
    setTimeout(() => {
      controller.abort();
    }, 20);
    await errorOf(create, 'ABORTED');
    await errorOf(InferenceSession.create(never, { timeoutMs: 20 }), 'TIMEOUT');
  });
});

describe('the files of a folder', () => {
  test('give what the folder gives, in every form', async () => {
    const expected = await embed(testModel(FOLDER));
    expect(await embed(NAMES.map((name) => chosen(name)))).toEqual(expected);
    expect(await embed(new Map(NAMES.map((name) => [name, blob(name)])))).toEqual(expected);
    expect(await embed(Object.fromEntries(NAMES.map((n) => [n, bytesOf(n)])))).toEqual(expected);
    // Dropped one by one, a file has no place: model.onnx then stands beside the others.
    expect(await embed(NAMES.map((name) => chosen(name, '')))).toEqual(expected);
  });

  test('a file that is missing is named', async () => {
    const without = (left: string) => NAMES.filter((n) => n !== left).map((name) => chosen(name));
    const tokenizer = await errorOf(embed(without('tokenizer.json')), 'NOT_FOUND');
    expect(tokenizer.message).toMatch(/^expected tokenizer\.json, or .* in the given files \(/);
    const model = await errorOf(embed(without('onnx/model.onnx')), 'NOT_FOUND');
    expect(model.message).toContain('tried onnx/model.onnx and model.onnx');
    await errorOf(embed([]), 'NOT_FOUND');
  });

  test.each([null, 7, ['config.json'], new Blob(['x']), new Uint8Array(3)])(
    '%p is none',
    async (value) => {
      const error = await errorOf(embed(value as unknown as string), 'INVALID_INPUT');
      expect(error.message).toContain(
        'expected the path or URL of a folder for the model, or its files',
      );
    },
  );
});

/** Node's fetch is told as little as a page's: what a page adds is where it is. */
describe('a transfer that a page may not make', () => {
  type Place = { location?: { origin: string; protocol: string; href: string } };
  const place = globalThis as Place;
  const stand = (origin: string) => {
    const location = { origin, protocol: new URL(origin).protocol, href: `${origin}/` };
    Object.defineProperty(place, 'location', { value: location, configurable: true });
  };
  afterAll(() => {
    if (PLACE.kind === 'node') delete place.location;
  });

  const testHere = testIf(PLACE.kind === 'node', 'a real page can’t be moved');
  const cases = [
    ['https://page.invalid', 'http://models.invalid/a.onnx', 'serve the file over https'],
    [
      'https://page.invalid',
      'https://models.invalid/a.onnx',
      'Access-Control-Allow-Origin: https://page.invalid',
    ],
    ['http://127.0.0.1:1', 'http://127.0.0.1:1/a.onnx', 'Content-Security-Policy'],
  ] as const;
  for (const [origin, url, hint] of cases) {
    testHere(`from ${origin} to ${url}`, async () => {
      stand(origin);
      const error = await errorOf(InferenceSession.create(url), 'RUNTIME_ERROR');
      expect(error.message).toContain(url);
      expect(error.hint).toContain(hint);
    });
  }
});
