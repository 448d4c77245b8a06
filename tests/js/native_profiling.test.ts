/** Profiles, which the addon writes to files. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { InferenceSession, Tensor } from 'infercore';
import type { SessionOptions, Warning } from 'infercore';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { model } from './native_addon';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'infercore-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function profiled(options: SessionOptions = {}): Promise<InferenceSession> {
  const session = await InferenceSession.create(model('add'), {
    enableProfiling: true,
    profileFilePrefix: join(folder, 'add'),
    ...options,
  });
  const one = new Tensor('float32', Float32Array.of(1, 1, 1, 1), [1, 4]);
  await session.run({ a: one, b: one });
  return session;
}

function eventsOf(path: string): string[] {
  const events = JSON.parse(readFileSync(path, 'utf8')) as { cat: string; name: string }[];
  return events.map(({ name }) => name);
}

test('the profile is written, and its path told', async () => {
  const session = await profiled();
  session.startProfiling();
  const path = session.endProfiling() ?? '';
  expect(path).toMatch(/\/add_[-\d_]+\.json$/);
  expect(path.startsWith(folder)).toBe(true);
  expect(eventsOf(path)).toEqual(expect.arrayContaining(['model_run', 'session_initialization']));
  await session.dispose();
  expect(readdirSync(folder)).toHaveLength(1);
});

test('once: a second end has no effect, which is a warning', async () => {
  const heard: Warning[] = [];
  const session = await profiled({ onWarning: (warning) => heard.push(warning) });
  session.endProfiling();
  expect(heard).toEqual([]);
  expect(session.endProfiling()).toBeUndefined();
  expect(heard.map(({ code }) => code)).toEqual(['OPTION_NOT_SUPPORTED']);
  await session.dispose();
});

test('dispose writes it, too', async () => {
  await (await profiled()).dispose();
  const [name = ''] = readdirSync(folder);
  expect(eventsOf(join(folder, name))).toContain('model_run');
});

test('while runs are in flight', async () => {
  const session = await profiled();
  const one = new Tensor('float32', Float32Array.of(1, 1, 1, 1), [1, 4]);
  const runs = Array.from({ length: 32 }, () => session.run({ a: one, b: one }));
  expect(eventsOf(session.endProfiling() ?? '')).toContain('model_run');
  await Promise.all(runs);
  await session.dispose();
});

test('a folder that is not there', async () => {
  const loading = profiled({ profileFilePrefix: join(folder, 'no', 'such') });
  await expect(loading).rejects.toThrow('expected a folder for profiles (profileFilePrefix)');
  await expect(loading).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('nothing is recorded unless it is asked for', async () => {
  await (await profiled({ enableProfiling: false })).dispose();
  expect(readdirSync(folder)).toEqual([]);
});
