/**
 * ONNX's own test cases for backends, one by one. What ONNX Runtime does not pass stands in listed-native.json and
 * listed-wasm.json with its own words; a case that is listed and passes is a failure, too. Where outputs differ, the
 * list says why after a dash.
 *
 * Written anew with ONNX_BACKEND_WRITE=1, which keeps what stands after dashes. Read what came before you keep it.
 */
import { afterAll, describe, expect, test } from '@jest/globals';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InferenceSession } from 'infercore';
import type { FeedValues, OutputValues } from 'infercore';
import { difference } from './compare';
import { declared, valueOf } from './values';
import type { Kind, Value } from './values';

/** Where Debian's package libonnx-testdata has them. */
const DATA = '/usr/share/libonnx-testdata/data';
const GROUPS = ['node', 'simple', 'pytorch-converted', 'pytorch-operator'];
const LIST = fileURLToPath(new URL(`listed-${TARGET}.json`, import.meta.url));
const WRITE = process.env['ONNX_BACKEND_WRITE'] === '1';

const listed: Record<string, string> = existsSync(LIST)
  ? (JSON.parse(readFileSync(LIST, 'utf8')) as Record<string, string>)
  : {};
const found: Record<string, string> = {};

/** Cases of `real` are addresses of models that are to be fetched. */
const cases = GROUPS.filter((group) => existsSync(join(DATA, group))).flatMap((group) =>
  readdirSync(join(DATA, group))
    .sort()
    .map((name) => `${group}/${name}`),
);

const bytesOf = (path: string): Uint8Array => new Uint8Array(readFileSync(path));

function read(folder: string, prefix: string, list: readonly { name: string; kind: Kind }[]) {
  const values: Record<string, Value> = {};
  list.forEach(({ name, kind }, i) => {
    const path = join(folder, `${prefix}_${i}.pb`);
    if (existsSync(path)) values[name] = valueOf(bytesOf(path), kind);
  });
  return values;
}

/** Every data set of a case. @throws what the session says, or an Error that says what differs */
async function runCase(name: string): Promise<void> {
  const folder = join(DATA, name);
  const path = join(folder, 'model.onnx');
  const model = bytesOf(path);
  const session = await InferenceSession.create(TARGET === 'native' ? path : model, {
    logSeverityLevel: 4,
    fallback: 'allow',
  });
  try {
    for (const set of readdirSync(folder).filter((each) => each.startsWith('test_data_set_'))) {
      const feeds = read(join(folder, set), 'input', declared(model, 11));
      const expected = read(join(folder, set), 'output', declared(model, 12));
      const outputs = await session.run<OutputValues>(feeds as FeedValues, Object.keys(expected));
      for (const [output, value] of Object.entries(expected)) {
        const differs = difference(outputs[output], value, output);
        if (differs === undefined) continue;
        if (WRITE) console.log(`${name}: ${differs}`);
        throw new Error(`output ${output} differs`);
      }
    }
  } finally {
    await session.dispose();
  }
}

/** What stands before a dash is found again each time, what stands behind it people have written. */
const wordsOf = (reason: string | undefined): string | undefined => reason?.split(' — ')[0];

/** Chance, or what is installed, decides about these. */
const MAY_PASS = /random|Failed to construct locale/;

/** Without what differs from run to run. */
const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').slice(0, 240);

describe("ONNX's test cases", () => {
  test('are there: npm run setup brings the package libonnx-testdata', () => {
    expect(cases.length).toBeGreaterThan(1000);
  });

  test('are all known that are listed', () => {
    if (!WRITE) expect(Object.keys(listed).filter((name) => !cases.includes(name))).toEqual([]);
  });

  test.each(cases)('%s', async (name) => {
    const reason = await runCase(name).then(
      () => undefined,
      (error: unknown) => reasonOf(error),
    );
    const known = listed[name];
    if (reason !== undefined) found[name] = wordsOf(known) === reason ? (known ?? '') : reason;
    if (WRITE || (reason === undefined && MAY_PASS.test(known ?? ''))) return;
    expect(reason).toBe(wordsOf(known));
  });
});

afterAll(() => {
  if (WRITE) writeFileSync(LIST, `${JSON.stringify(found, null, 1)}\n`);
});
