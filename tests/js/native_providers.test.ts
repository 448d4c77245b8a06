/** Providers of the addon: libraries that are broken, and options that reach the provider under its own names. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { InferenceSession } from 'infercore';
import type { ProviderConfig } from 'infercore';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pathToFileURL, fileURLToPath } from 'node:url';
import { addonPath, libraryPath, model } from './native_addon';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'infercore-'));
  writeFileSync(join(folder, 'broken.so'), 'no library');
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Why a provider is not used. */
async function reason(config: ProviderConfig): Promise<string> {
  const session = await InferenceSession.create(model('add'), {
    executionProviders: [config],
    fallback: 'allow',
  });
  const { skipped, used } = session.report.providers;
  await session.dispose();
  expect(used).toEqual(['cpu']);
  expect(skipped).toHaveLength(1);
  return skipped[0]?.reason ?? '';
}

const plugins: [string, () => string, string][] = [
  ['that is no library', () => join(folder, 'broken.so'), 'file too short'],
  ['that is a folder', () => folder, 'Is a directory'],
  ['that is no plugin', () => addonPath, 'undefined symbol: CreateEpFactories'],
  ['by a path from here', () => relative('.', join(folder, 'broken.so')), 'file too short'],
];
test.each(plugins)('a plugin %s', async (_, library, words) => {
  // The second time, too: what failed is not remembered as done.
  for (let times = 0; times < 2; ++times) {
    expect(await reason({ name: 'some_ep', library: library() })).toContain(words);
  }
});

test("a plugin that can't be loaded is an error where the user wants one", async () => {
  const create = InferenceSession.create(model('add'), {
    executionProviders: [{ name: 'some_ep', library: join(folder, 'broken.so') }],
    fallback: 'error',
  });
  await expect(create).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' });
});

test('options reach the provider under the names that it reads', async () => {
  expect(await reason({ name: 'webgpu', preferredLayout: 'XYZ' })).toContain('XYZ');
  expect(await reason({ name: 'webgpu', validation_mode: 'XYZ' })).toContain('XYZ');
  expect(await reason({ name: 'webgpu', options: { preferredLayout: 'XYZ' } })).toContain('XYZ');
});

test.each(['cuda', 'tensorrt'])('%s whose library is broken', (name) => {
  // ONNX Runtime looks for it beside its own library, wherever it was opened.
  symlinkSync(libraryPath, join(folder, `${name}.so`));
  rmSync(join(folder, 'libonnxruntime_providers_shared.so'), { force: true });
  symlinkSync(join(folder, 'broken.so'), join(folder, 'libonnxruntime_providers_shared.so'));
  const entry = fileURLToPath(new URL('../../dist/esm/node.js', import.meta.url));
  const script = `
    import { InferenceSession, Tensor } from ${JSON.stringify(pathToFileURL(entry).href)};
    const session = await InferenceSession.create(${JSON.stringify(model('add'))}, {
      executionProviders: [{ name: ${JSON.stringify(name)}, deviceId: 0 }, 'cpu'], fallback: 'allow',
    });
    const one = new Tensor('float32', [1, 1, 1, 1], [1, 4]);
    const { sum } = await session.run({ a: one, b: one });
    console.log(JSON.stringify([session.report.providers.skipped, [...sum.data]]));`;
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', script],
    {
      encoding: 'utf8',
      timeout: 20_000,
      env: { ...process.env, INFERCORE_ORT_LIBRARY: join(folder, `${name}.so`) },
    },
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const [skipped, sum] = JSON.parse(stdout) as [{ name: string; reason: string }[], number[]];
  expect(skipped.map((each) => each.name)).toEqual([name]);
  expect(skipped[0]?.reason).toContain('libonnxruntime_providers_shared.so: file too short');
  expect(sum).toEqual([2, 2, 2, 2]);
});
