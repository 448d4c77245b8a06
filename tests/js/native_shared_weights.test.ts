/** Weights that sessions of one process have once together. */
import { describe, expect, test } from '@jest/globals';
import {
  createService,
  InferenceSession,
  ModelCache,
  pipeline,
  SharedWeights,
  Tensor,
} from 'infercore';
import type { SessionOptions, Warning } from 'infercore';
import {
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { failure } from '../common/failure';
import { defaultModel } from '../common/model_paths';
import { errorOf, faultsOf, model, modelBytes } from '../common/models';
import { ended, LIBRARY, runProgram } from '../common/program';

const DEFAULT = resolve(defaultModel, 'onnx/model.onnx');
/** Bytes of a matrix of the models that models/test-models/weights.mjs makes. */
const MATRIX = 4096;

/** Feeds of any numbers for what the model takes; free dimensions are 3. */
function feedsOf(session: InferenceSession): Record<string, Tensor> {
  const feeds: Record<string, Tensor> = {};
  for (const input of session.inputMetadata) {
    if (!input.isTensor) continue;
    const dims = input.shape.map((dim) => (typeof dim === 'number' ? dim : 3));
    const length = dims.reduce((product, dim) => product * dim, 1);
    feeds[input.name] =
      input.type === 'int64'
        ? new Tensor(
            'int64',
            BigInt64Array.from({ length }, (_, i) => BigInt(i % 7)),
            dims,
          )
        : new Tensor(
            'float32',
            Float32Array.from({ length }, (_, i) => Math.cos(i)),
            dims,
          );
  }
  return feeds;
}

/** All outputs, bit by bit. */
async function bitsOf(session: InferenceSession): Promise<Record<string, string>> {
  const outputs = await session.run(feedsOf(session));
  const bits: Record<string, string> = {};
  for (const [name, { data }] of Object.entries(outputs)) {
    const { buffer, byteOffset, byteLength } = data as Float32Array;
    bits[name] = Buffer.from(buffer, byteOffset, byteLength).toString('base64');
  }
  return bits;
}

async function bitsWithout(source: string, options: SessionOptions = {}) {
  await using session = await InferenceSession.create(source, options);
  return await bitsOf(session);
}

describe('sessions of one model', () => {
  const models = ['backbone-first', 'weight-readers', 'weights-in-place', 'external-weights/model'];
  const cases = models.flatMap((name) =>
    (['disabled', 'all'] as const).map((level) => [name, level] as const),
  );
  test.each(cases)('answer as others to the bit: %s, %s', async (name, graphOptimizationLevel) => {
    const sharedWeights = new SharedWeights();
    const options = { graphOptimizationLevel, sharedWeights };
    await using first = await InferenceSession.create(model(name), options);
    await using second = await InferenceSession.create(model(name), options);
    const expected = await bitsWithout(model(name), { graphOptimizationLevel });
    expect(await bitsOf(first)).toEqual(expected);
    expect(await bitsOf(second)).toEqual(expected);
    const { bytes } = sharedWeights;
    expect(bytes).toBeGreaterThanOrEqual(MATRIX);
    expect(second.report.sharedWeights).toEqual({
      bytes: first.report.sharedWeights?.bytes,
      reused: first.report.sharedWeights?.bytes,
    });
    expect(first.report.warnings).toEqual([]);
  });

  test('have their weights once, until the last one is disposed', async () => {
    const sharedWeights = new SharedWeights();
    expect([sharedWeights.bytes, sharedWeights.sessions]).toEqual([0, 0]);
    const load = (intraOpNumThreads: number) =>
      InferenceSession.create(model('backbone-first'), { sharedWeights, intraOpNumThreads });
    const first = await load(1);
    expect(first.report.sharedWeights).toEqual({ bytes: 2 * MATRIX, reused: 0 });
    expect(first.report.phases['weights']).toBeGreaterThan(0);
    const second = await load(2);
    expect([sharedWeights.bytes, sharedWeights.sessions]).toEqual([2 * MATRIX, 2]);
    await first.dispose();
    expect([sharedWeights.bytes, sharedWeights.sessions]).toEqual([2 * MATRIX, 1]);
    expect(await bitsOf(second)).toEqual(await bitsWithout(model('backbone-first')));
    await second.dispose();
    expect([sharedWeights.bytes, sharedWeights.sessions]).toEqual([0, 0]);
    const third = await load(1);
    expect(third.report.sharedWeights).toEqual({ bytes: 2 * MATRIX, reused: 0 });
    await third.dispose();
  });

  test('are loaded at the same moment', async () => {
    const sharedWeights = new SharedWeights();
    const expected = await bitsWithout(model('weight-readers'));
    for (let round = 0; round < 10; round += 1) {
      const sessions = await Promise.all(
        Array.from({ length: 4 }, () =>
          InferenceSession.create(model('weight-readers'), { sharedWeights }),
        ),
      );
      const { bytes = 0 } = sessions[0]?.report.sharedWeights ?? {};
      // One of its weights is there twice.
      expect(sharedWeights.bytes).toBe(bytes - 1024);
      for (const session of sessions) expect(await bitsOf(session)).toEqual(expected);
      await Promise.all(sessions.map((session) => session.dispose()));
      expect(sharedWeights.bytes).toBe(0);
    }
  });

  test('come from a path or from bytes', async () => {
    const sharedWeights = new SharedWeights();
    const bytes = modelBytes('backbone-first');
    await using first = await InferenceSession.create(model('backbone-first'), { sharedWeights });
    await using second = await InferenceSession.create(bytes, { sharedWeights });
    bytes.fill(0);
    expect(second.report.sharedWeights?.reused).toBe(2 * MATRIX);
    expect(await bitsOf(second)).toEqual(await bitsOf(first));
  });

  test('may be shared with other threads', async () => {
    const sharedWeights = new SharedWeights();
    const session = await InferenceSession.create(model('backbone-first'), { sharedWeights });
    const attached = await InferenceSession.attach(session.share());
    await session.dispose();
    expect(sharedWeights.bytes).toBe(2 * MATRIX);
    expect(attached.report.sharedWeights).toEqual({ bytes: 2 * MATRIX, reused: 0 });
    expect(await bitsOf(attached)).toEqual(await bitsWithout(model('backbone-first')));
    await attached.dispose();
    expect(sharedWeights.bytes).toBe(0);
  });

  test('take less memory than sessions that share nothing', async () => {
    const grown = async (shared: boolean) => {
      const { code, out } = await runProgram(`
        import { InferenceSession, SharedWeights } from ${LIBRARY};
        const sharedWeights = ${shared ? 'new SharedWeights()' : 'undefined'};
        const before = process.memoryUsage.rss();
        const sessions = [];
        for (let i = 0; i < 6; i += 1) {
          sessions.push(await InferenceSession.create(${JSON.stringify(DEFAULT)}, { sharedWeights }));
        }
        console.log((process.memoryUsage.rss() - before) / 2 ** 20, sharedWeights?.bytes);`);
      if (code !== 0) throw new Error(out);
      return parseFloat(out);
    };
    const [own, shared] = [await grown(false), await grown(true)];
    expect(shared).toBeLessThan(own * 0.6);
  }, 60_000);
});

describe('different models', () => {
  test('share what they have in common', async () => {
    const sharedWeights = new SharedWeights();
    const first = await InferenceSession.create(model('backbone-first'), { sharedWeights });
    const second = await InferenceSession.create(model('backbone-second'), { sharedWeights });
    expect(second.report.sharedWeights).toEqual({ bytes: 2 * MATRIX, reused: MATRIX });
    expect(sharedWeights.bytes).toBe(3 * MATRIX);
    const expected = await bitsWithout(model('backbone-second'));
    expect(await bitsOf(second)).toEqual(expected);
    await first.dispose();
    expect(sharedWeights.bytes).toBe(2 * MATRIX);
    expect(await bitsOf(second)).toEqual(expected);
    await second.dispose();
    expect(sharedWeights.bytes).toBe(0);
  });

  test('that follow each other leave nothing behind', async () => {
    const sharedWeights = new SharedWeights();
    let last = await InferenceSession.create(model('backbone-first'), { sharedWeights });
    const path = (round: number) => model(round % 2 === 0 ? 'backbone-second' : 'backbone-first');
    for (let round = 0; round < 20; round += 1) {
      const next = await InferenceSession.create(path(round), { sharedWeights });
      await last.dispose();
      last = next;
      expect([sharedWeights.bytes, sharedWeights.sessions]).toEqual([2 * MATRIX, 1]);
    }
    await last.dispose();
  });

  test('that follow each other leave no packed copies behind', async () => {
    // Each version has a byte of every large weight changed.
    const { code, out } = await runProgram(`
      import { InferenceSession, SharedWeights } from ${LIBRARY};
      import { readFileSync } from 'node:fs';
      const sharedWeights = new SharedWeights();
      const bytes = readFileSync(${JSON.stringify(DEFAULT)});
      let last;
      const rss = [];
      for (let round = 0; round < 12; round += 1) {
        for (let at = 5e4; at < bytes.length - 1e5; at += 1e5) bytes[at] ^= 1 + round;
        const next = await InferenceSession.create(bytes, { sharedWeights });
        await last?.dispose();
        last = next;
        rss.push(process.memoryUsage.rss());
      }
      console.log((rss[11] - rss[2]) / bytes.length, sharedWeights.bytes / bytes.length);`);
    if (code !== 0) throw new Error(out);
    const [grown = NaN, held = NaN] = out.split(' ').map(Number);
    expect(grown).toBeLessThan(1);
    expect(held).toBeLessThan(1);
  }, 60_000);

  test('of which one has other bytes of the same size', async () => {
    const sharedWeights = new SharedWeights();
    const bytes = modelBytes('backbone-first');
    const at = Buffer.from(bytes).indexOf('first.head') + 20;
    bytes[at + 100] = (bytes[at + 100] ?? 0) ^ 1;
    await using first = await InferenceSession.create(model('backbone-first'), { sharedWeights });
    await using second = await InferenceSession.create(bytes, { sharedWeights });
    expect(first.report.sharedWeights?.reused).toBe(0);
    expect(second.report.sharedWeights?.reused).toBe(MATRIX);
    await using own = await InferenceSession.create(bytes);
    expect(await bitsOf(second)).toEqual(await bitsOf(own));
    expect(await bitsOf(second)).not.toEqual(await bitsOf(first));
  });
});

describe('weights in files of their own', () => {
  const MODEL = model('external-weights/model');
  const BYTES = readFileSync(model('external-weights/model').replace('model.onnx', 'weights.bin'));

  test('as they were given', async () => {
    const sharedWeights = new SharedWeights();
    const zeros = new Uint8Array(BYTES.length);
    const load = (data: Uint8Array) =>
      InferenceSession.create(modelBytes('external-weights/model'), {
        sharedWeights,
        externalData: [{ path: 'weights.bin', data }],
      });
    await using right = await load(new Uint8Array(BYTES));
    expect(await bitsOf(right)).toEqual(await bitsWithout(MODEL));
    await using empty = await load(zeros);
    expect(empty.report.sharedWeights).toEqual({ bytes: MATRIX, reused: 0 });
    const { y } = await empty.run(feedsOf(empty));
    expect((y?.data as Float32Array).every((value) => value === 0)).toBe(true);
  });

  test('are read once, by whatever names the model finds them', async () => {
    const sharedWeights = new SharedWeights();
    const path = model('external-alias/model');
    await using session = await InferenceSession.create(path, { sharedWeights });
    expect(session.report.sharedWeights).toEqual({ bytes: MATRIX, reused: 0 });
    expect(await bitsOf(session)).toEqual(await bitsWithout(path));
  });

  test('that are too short, not there or links are the runtime’s business', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'weights-'));
    try {
      const path = join(folder, 'model.onnx');
      copyFileSync(MODEL, path);
      const load = (sharedWeights?: SharedWeights) =>
        InferenceSession.create(path, {
          ...(sharedWeights && { sharedWeights }),
          fallback: 'allow',
        });
      const same = async () => {
        const own = await errorOf(load(), 'RUNTIME_ERROR');
        const shared = await errorOf(load(new SharedWeights()), 'RUNTIME_ERROR');
        expect(shared.message).toBe(own.message);
      };
      await same();
      writeFileSync(join(folder, 'weights.bin'), BYTES.subarray(0, 100));
      await same();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('outside the model’s folder are not read', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'weights-'));
    try {
      const path = join(folder, 'model.onnx');
      copyFileSync(MODEL, path);
      symlinkSync(resolve(MODEL.replace('model.onnx', 'weights.bin')), join(folder, 'weights.bin'));
      const heard: Warning[] = [];
      const onWarning = (warning: Warning) => heard.push(warning);
      await InferenceSession.create(path, { sharedWeights: new SharedWeights(), onWarning }).then(
        async (session) => {
          expect(session.report.sharedWeights).toEqual({ bytes: 0, reused: 0 });
          expect(heard.map(({ code }) => code)).toEqual(['WEIGHTS_NOT_SHARED']);
          await session.dispose();
        },
        // Where the runtime takes no such link, it says so.
        (error: unknown) => {
          expect(error).toMatchObject({ code: 'RUNTIME_ERROR' });
        },
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('a model that is not what it says', () => {
  /** A matrix of the model with another field in the place of one of its dims or its length. */
  const broken: [string, (bytes: Buffer, at: number) => void][] = [
    ['dims that do not fit the bytes', (bytes, at) => bytes.writeUInt8(31, at + 1)],
    ['a type that does not fit', (bytes, at) => bytes.writeUInt8(11, at + 5)],
    ['a type that there is not', (bytes, at) => bytes.writeUInt8(99, at + 5)],
    ['bytes beyond the file’s end', (bytes, at) => bytes.writeUInt8(0x7f, at + 22)],
  ];
  test.each(broken)('%s: fails as without', async (_, change) => {
    const bytes = Buffer.from(modelBytes('backbone-first'));
    // dims 32, 32, type 1, then the name.
    const at = bytes.indexOf(Buffer.from([8, 32, 8, 32, 16, 1, 66]));
    expect(at).toBeGreaterThan(0);
    change(bytes, at);
    const failed = async (options: SessionOptions) => {
      const load = InferenceSession.create(new Uint8Array(bytes), options);
      const { code, message } = await failure(load);
      return `${code}: ${message}`;
    };
    const sharedWeights = new SharedWeights();
    const own = await failed({});
    expect(await failed({ sharedWeights })).toBe(own);
    expect([sharedWeights.bytes, sharedWeights.sessions]).toEqual([0, 0]);
  });

  test('cut off anywhere it fails, and leaves nothing', async () => {
    const sharedWeights = new SharedWeights();
    const bytes = modelBytes('weight-readers');
    for (let size = 64; size < bytes.length; size += 997) {
      const load = InferenceSession.create(bytes.subarray(0, size), { sharedWeights });
      await expect(load).rejects.toThrow();
    }
    expect([sharedWeights.bytes, sharedWeights.sessions]).toEqual([0, 0]);
  });
});

describe('a load that ends early', () => {
  test('leaves nothing', async () => {
    const sharedWeights = new SharedWeights();
    await using session = await InferenceSession.create(DEFAULT, { sharedWeights });
    const { bytes } = sharedWeights;
    for (const milliseconds of [1, 5, 10, 20, 40]) {
      const load = InferenceSession.create(DEFAULT, { sharedWeights, timeoutMs: milliseconds });
      await load.then(
        (loaded) => loaded.dispose(),
        (error: unknown) => {
          expect(error).toMatchObject({ code: 'TIMEOUT' });
        },
      );
    }
    await session.dispose();
    expect(bytes).toBeGreaterThan(1e6);
    // What was ended goes on for a moment.
    for (let i = 0; i < 200 && sharedWeights.sessions > 0; i += 1) {
      await new Promise((done) => setTimeout(done, 10));
    }
    expect([sharedWeights.bytes, sharedWeights.sessions]).toEqual([0, 0]);
  });

  test('and so does a process', async () => {
    const end = await runProgram(`
      import { InferenceSession, SharedWeights } from ${LIBRARY};
      const sharedWeights = new SharedWeights();
      const load = () => InferenceSession.create(${JSON.stringify(DEFAULT)}, { sharedWeights });
      await load();
      load().catch(() => {});
      setTimeout(() => process.exit(), 20);`);
    expect(end).toEqual(ended(''));
  });
});

describe('what else loads sessions', () => {
  test('pipelines', async () => {
    const sharedWeights = new SharedWeights();
    const first = await pipeline('feature-extraction', defaultModel, { sharedWeights });
    const { bytes } = sharedWeights;
    const second = await pipeline('feature-extraction', defaultModel, { sharedWeights });
    expect(bytes).toBeGreaterThan(1e6);
    expect([sharedWeights.bytes, sharedWeights.sessions]).toEqual([bytes, 2]);
    const own = await pipeline('feature-extraction', defaultModel);
    const text = 'Weights are shared.';
    expect((await second(text)).data).toEqual((await own(text)).data);
    await Promise.all([first, second, own].map((each) => each.dispose()));
    expect(sharedWeights.bytes).toBe(0);
  });

  test('a cache', async () => {
    const sharedWeights = new SharedWeights();
    const cache = new ModelCache();
    const acquire = (name: string) =>
      cache.acquire(name, () => InferenceSession.create(model(name), { sharedWeights }));
    const [first, second] = [await acquire('backbone-first'), await acquire('backbone-second')];
    expect(first.value.report.sharedWeights?.reused).toBe(0);
    expect(second.value.report.sharedWeights?.reused).toBe(MATRIX);
    first.release();
    second.release();
    await cache.dispose();
    expect([sharedWeights.bytes, sharedWeights.sessions]).toEqual([0, 0]);
  });

  test('a service, whose next version loads beside the last one', async () => {
    const sharedWeights = new SharedWeights();
    const service = await createService({ model: model('backbone-first'), sharedWeights });
    expect([sharedWeights.bytes, sharedWeights.sessions]).toEqual([2 * MATRIX, 1]);
    await service.replace({ model: model('backbone-second') });
    await service.drain();
    expect([sharedWeights.bytes, sharedWeights.sessions]).toEqual([0, 0]);
  });
});

describe('wrong uses', () => {
  test('what is no SharedWeights, beside other wrong options', async () => {
    const options = { sharedWeights: { bytes: 1 }, timeoutMs: 0 } as unknown as SessionOptions;
    const faults = await faultsOf(InferenceSession.create(model('add'), options), 'INVALID_OPTION');
    expect(faults).toEqual([
      expect.stringMatching(/^expected a SharedWeights for sharedWeights, received /),
      expect.stringMatching(/timeoutMs/),
    ]);
  });

  test('without packing there is nothing to share', async () => {
    const options = {
      sharedWeights: new SharedWeights(),
      extra: { session: { disable_prepacking: true } },
      timeoutMs: 0,
    };
    const faults = await faultsOf(InferenceSession.create(model('add'), options), 'INVALID_OPTION');
    expect(faults).toEqual([
      expect.stringMatching(/timeoutMs/),
      'expected no session.disable_prepacking in extra beside sharedWeights: what is packed is shared',
    ]);
  });

  test('a model without weights to share is a warning', async () => {
    const heard: Warning[] = [];
    const sharedWeights = new SharedWeights();
    await using session = await InferenceSession.create(model('add'), {
      sharedWeights,
      onWarning: (warning) => heard.push(warning),
    });
    expect(heard).toEqual([
      {
        code: 'WEIGHTS_NOT_SHARED',
        message:
          'sharedWeights has no effect: no operator of the model takes weights of 1 kB or more as they stand in its file',
      },
    ]);
    expect(session.report.sharedWeights).toEqual({ bytes: 0, reused: 0 });
    expect(sharedWeights.sessions).toBe(0);
    await errorOf(
      InferenceSession.create(model('add'), { sharedWeights, fallback: 'error' }),
      'NOT_SUPPORTED',
    );
  });

  test('a model in the runtime’s own format is a warning', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'weights-'));
    try {
      const path = join(folder, 'model.ort');
      await using made = await InferenceSession.create(model('backbone-first'), {
        optimizedModelFilePath: path,
        extra: { session: { save_model_format: 'ORT' } },
        fallback: 'allow',
      });
      const heard: Warning[] = [];
      await using session = await InferenceSession.create(path, {
        sharedWeights: new SharedWeights(),
        onWarning: (warning) => heard.push(warning),
      });
      expect(heard.map(({ message }) => message)).toEqual([
        'sharedWeights has no effect: the model is in ONNX Runtime’s own format'.replace('’', "'"),
      ]);
      expect(await bitsOf(session)).toEqual(await bitsOf(made));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
