/** A provider in a library of its own, which ONNX Runtime loads and asks. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { InferenceSession, Tensor } from 'infercore';
import type { ProviderConfig, SessionReport, Warning } from 'infercore';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { model } from './native_addon';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

let folder: string;
let library: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'infercore-'));
  library = join(folder, 'libtest_provider.so');
  const headers = path('../../build/include/onnxruntime');
  execFileSync(process.env['CXX'] ?? 'c++', [
    ...['-std=c++20', '-shared', '-fPIC', '-fvisibility=default', '-isystem', headers],
    ...['-o', library, path('plugin_provider.cc')],
  ]);
}, 60_000);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function providersOf(...asked: ProviderConfig[]): Promise<SessionReport['providers']> {
  const session = await InferenceSession.create(model('add'), {
    executionProviders: [...asked, 'cpu'],
    fallback: 'allow',
  });
  const one = new Tensor('float32', Float32Array.of(1, 1, 1, 1), [1, 4]);
  const { sum } = await session.run({ a: one, b: one });
  expect(sum?.data).toEqual(Float32Array.of(2, 2, 2, 2));
  await session.dispose();
  return session.report.providers;
}

test('it is used, in any number of sessions at once', async () => {
  const config = { name: 'TestProvider', library, options: { anything: 1 } };
  const all = await Promise.all([1, 2, 3, 4].map(() => providersOf(config)));
  for (const { asked, used, skipped } of all) {
    expect({ asked, used, skipped }).toEqual({
      asked: ['TestProvider', 'cpu'],
      used: ['TestProvider', 'cpu'],
      skipped: [],
    });
  }
});

test('options reach it as they are', async () => {
  const config = { name: 'TestProvider', library, failWith: 'as it was asked' };
  const { used, skipped } = await providersOf(config);
  expect(used).toEqual(['cpu']);
  expect(skipped).toEqual([
    { name: 'TestProvider', reason: expect.stringContaining('as it was asked') as unknown },
  ]);
});

test('a provider that its library has not', async () => {
  const { used, skipped } = await providersOf({ name: 'OtherProvider', library });
  expect(used).toEqual(['cpu']);
  expect(skipped).toEqual([
    {
      name: 'OtherProvider',
      reason: 'its library has no provider of that name, only "TestProvider"',
    },
  ]);
});

test('the operators that it leaves to the CPU are told, or an error', async () => {
  const warnings: Warning[] = [];
  const executionProviders = [{ name: 'TestProvider', library }, 'cpu'];
  const onWarning = (warning: Warning) => warnings.push(warning);
  await using session = await InferenceSession.create(model('add'), {
    executionProviders,
    onWarning,
  });
  expect(session.report.placement).toEqual([{ provider: 'cpu', nodes: 1, operators: { Add: 1 } }]);
  expect(warnings).toEqual([
    expect.objectContaining({
      code: 'OPERATORS_FELL_BACK',
      message: '1 of 1 nodes run on cpu and not on TestProvider: Add 1',
    }),
  ]);
  const strict = InferenceSession.create(model('add'), { executionProviders, fallback: 'error' });
  await expect(strict).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' });
});
