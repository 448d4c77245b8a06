/** Models that are not there, or are none: the error says what came instead. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { InferenceSession } from 'infercore';
import type { ProgressEvent } from 'infercore';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostileServer } from './hostile_server';
import { errorOf, model, modelBytes } from './models';
import { testInNode } from './surroundings';

const bytes = (text: string) => new TextEncoder().encode(text);
const HTML = '<!DOCTYPE html>\n<html><title>404</title></html>';
const POINTER = 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 90405214\n';

/** What it is, its bytes, and what the message says. */
const WRONG: [string, () => Uint8Array, string][] = [
  ['an HTML page', () => bytes(HTML), 'an HTML page ("<!DOCTYPE html>")'],
  ['a Git-LFS pointer', () => bytes(POINTER), 'stand for a file of 90405214 bytes'],
  ['gzip', () => Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0), 'gzip-compressed data'],
  ['a cut model', () => modelBytes('slow').subarray(0, 5000), 'the file is cut'],
  ['no bytes', () => new Uint8Array(0), 'an empty file (0 bytes)'],
  ['zero bytes', () => new Uint8Array(4096), 'zero bytes where a model begins'],
  ['JSON', () => bytes('{"model": {}}'), 'JSON'],
  ['plain text', () => bytes('Not Found'), 'plain text ("Not Found")'],
  ['a zip archive', () => bytes('PK\x03\x04\x14\0\0\0'), 'a zip archive'],
  ['other bytes', () => Uint8Array.of(7, 254, 192, 222), 'a binary file of an unknown kind'],
];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'infercore-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('what is no model', () => {
  test.each(WRONG)('%s, as bytes', async (_, make, message) => {
    const error = await errorOf(InferenceSession.create(make()), 'NOT_A_MODEL');
    expect(error.message).toContain('expected an ONNX model, received');
    expect(error.message).toContain(message);
    expect(error.hint).toBeTruthy();
  });

  test.each(WRONG)('%s, as a file', async (name, make, message) => {
    const path = join(folder, `${name}.onnx`);
    writeFileSync(path, make());
    const error = await errorOf(InferenceSession.create(path), 'NOT_A_MODEL');
    // A worker is given a whole address, in which blanks are escaped.
    expect(decodeURI(error.message)).toContain(path);
    expect(error.message).toContain(message);
  });

  test('a model with broken bytes in it', async () => {
    const broken = modelBytes('slow').fill(255, 200, 400);
    await errorOf(InferenceSession.create(broken), 'NOT_A_MODEL');
  });

  test('an operator that does not exist', async () => {
    const create = InferenceSession.create(model('unknown-operator'));
    expect((await errorOf(create, 'RUNTIME_ERROR')).message).toContain('NoSuchOperator');
  });

  test('a name in it that would break a log’s line or colour it', async () => {
    const name = bytes('NoSuchOperator');
    const nasty = modelBytes('unknown-operator');
    const at = nasty.findIndex((_, i) => name.every((byte, j) => nasty[i + j] === byte));
    nasty.set(bytes('No\r\u001b[31mOrator'), at);
    const { message } = await errorOf(InferenceSession.create(nasty), 'RUNTIME_ERROR');
    expect(message).toContain('[31mOrator');
    expect(message).not.toMatch(/\p{Cc}/u);
  });
});

describe('paths', () => {
  test('a file that is missing', async () => {
    const path = join(folder, 'missing.onnx');
    const error = await errorOf(InferenceSession.create(path), 'NOT_FOUND');
    expect(error.message).toContain(path);
  });

  testInNode('a folder', async () => {
    const error = await errorOf(InferenceSession.create(folder), 'NOT_FOUND');
    expect(error.message).toContain(`expected a file for the model, ${folder} is a folder`);
  });

  test('below a file', async () => {
    await errorOf(InferenceSession.create(join(model('add'), 'x.onnx')), 'NOT_FOUND');
  });

  // For root there is no file without permission; a link to itself is one that nobody can open.
  testInNode('a file that is there but can not be opened', async () => {
    const paths = [join(folder, 'loop.onnx'), join(folder, 'closed.onnx')];
    symlinkSync('loop.onnx', paths[0] ?? '');
    if (process.getuid?.() === 0) paths.pop();
    else writeFileSync(paths[1] ?? '', modelBytes('add'), { mode: 0 });
    for (const path of paths) {
      const error = await errorOf(InferenceSession.create(path), 'RUNTIME_ERROR');
      expect(error.message).toContain(`can't read ${path} for the model`);
    }
  });
});

describe('what is no source', () => {
  test.each([undefined, null, 7, {}, [1, 2]])('%p', async (value) => {
    const create = InferenceSession.create(value as string);
    const error = await errorOf(create, 'INVALID_INPUT');
    expect(error.message).toContain('expected a path, a URL, a File or bytes for the model');
  });

  test('a part outside of the buffer', async () => {
    const buffer = new ArrayBuffer(10);
    for (const [offset, length] of [[-1], [11], [1.5], [0, 11], [5, 6], [0, -1]] as const) {
      const create = InferenceSession.create(buffer, offset, length);
      const error = await errorOf(create, 'INVALID_INPUT');
      expect(error.message).toMatch(/byteOffset|byteLength/);
    }
    const create = InferenceSession.create('x' as unknown as ArrayBuffer, 1);
    expect((await errorOf(create, 'INVALID_INPUT')).message).toContain('before byteOffset');
  });
});

describe('URLs', () => {
  let server: Awaited<ReturnType<typeof hostileServer>>;
  let base: string;
  beforeAll(async () => {
    server = await hostileServer();
    base = server.base;
  });
  afterAll(() => {
    server.close();
  });

  test('a model, with progress', async () => {
    const events: ProgressEvent[] = [];
    const session = await InferenceSession.create(new URL(`${base}/add.onnx`), {
      onProgress: (event) => events.push(event),
    });
    expect(session.inputNames).toEqual(['a', 'b']);
    const total = modelBytes('add').length;
    expect(events.find(({ phase }) => phase === 'fetch')).toEqual({
      phase: 'fetch',
      loaded: total,
      total,
    });
    expect(events.at(-1)).toEqual({ phase: 'create', loaded: total, total });
    expect(session.report.modelBytes).toBe(total);
    await session.dispose();
  });

  test('a path, whose file may be read by the runtime, with its size all the same', async () => {
    const events: ProgressEvent[] = [];
    const onProgress = (event: ProgressEvent) => events.push(event);
    const session = await InferenceSession.create(model('add'), { onProgress });
    const total = modelBytes('add').length;
    expect(events.filter(({ phase }) => phase === 'create')).toEqual([
      { phase: 'create', loaded: 0, total },
      { phase: 'create', loaded: total, total },
    ]);
    expect(session.report.modelBytes).toBe(total);
    await session.dispose();
  });

  test('a callback that throws ends the transfer with its error', async () => {
    const mine = new Error('mine');
    const onProgress = ({ phase }: ProgressEvent) => {
      if (phase === 'fetch') throw mine;
    };
    for (const name of ['add', 'never']) {
      const create = InferenceSession.create(`${base}/${name}.onnx`, { onProgress });
      expect(await create.catch((error: unknown) => error)).toBe(mine);
    }
  });

  test('a model that comes slowly, with progress all along', async () => {
    const loaded: number[] = [];
    const session = await InferenceSession.create(`${base}/slow.onnx`, {
      onProgress: (event) => event.phase === 'fetch' && loaded.push(event.loaded),
    });
    expect(loaded.length).toBeGreaterThan(1);
    expect(loaded).toEqual([...loaded].sort((a, b) => a - b));
    expect(loaded.at(-1)).toBe(modelBytes('add').length);
    await session.dispose();
  });

  test('a server that promises fewer bytes than the model has', async () => {
    const error = await errorOf(InferenceSession.create(`${base}/short.onnx`), 'NOT_A_MODEL');
    expect(error.message).toContain(`${base}/short.onnx`);
    expect(error.message).toContain('the file is cut');
  });

  test('a page that does not exist', async () => {
    const error = await errorOf(InferenceSession.create(`${base}/nothing.onnx`), 'NOT_FOUND');
    expect(error.message).toContain(`${base}/nothing.onnx`);
    expect(error.message).toContain('404');
  });

  test('a page instead of the model', async () => {
    const error = await errorOf(InferenceSession.create(`${base}/page.onnx`), 'NOT_A_MODEL');
    expect(error.message).toContain(`${base}/page.onnx: expected an ONNX model, received an HTML`);
  });

  test('a server that fails', async () => {
    const error = await errorOf(InferenceSession.create(`${base}/error.onnx`), 'RUNTIME_ERROR');
    expect(error.message).toContain('503');
  });

  test('a transfer that is cut', async () => {
    await errorOf(InferenceSession.create(`${base}/cut.onnx`), 'RUNTIME_ERROR');
  });

  test('a server that is not there', async () => {
    await errorOf(InferenceSession.create('http://127.0.0.1:1/add.onnx'), 'RUNTIME_ERROR');
  });

  test('a transfer that never ends is ended by timeoutMs and by the signal', async () => {
    const url = `${base}/never.onnx`;
    await errorOf(InferenceSession.create(url, { timeoutMs: 50 }), 'TIMEOUT');
    const controller = new AbortController();
    const create = InferenceSession.create(url, { signal: controller.signal });
    setTimeout(() => {
      controller.abort();
    }, 30);
    await errorOf(create, 'ABORTED');
  });
});
