/** Runs tests/common in this page, as the setting in the address says. */
import { env } from 'infercore';
import { run, type Result } from './runner';
import type { Setting } from '../settings.mjs';

declare global {
  /** What the driver listens with. */
  function report(event: { started: string } | Result | { done: true }): Promise<void>;
}

/** @param files how to load each file of tests, by its name */
export async function start(files: Record<string, () => Promise<unknown>>): Promise<void> {
  const text = new URLSearchParams(location.search).get('setting') ?? '{}';
  const { env: given = {}, options = {}, used = ['wasm'] } = JSON.parse(text) as Partial<Setting>;
  globalThis.TARGET = 'wasm';
  globalThis.PLACE = { kind: 'page', isolated: crossOriginIsolated, options, used };
  Object.assign(env.wasm, given.wasm);
  Object.assign(env.core, given.core);
  addEventListener('unhandledrejection', ({ reason }) => {
    const error = reason instanceof Error ? (reason.stack ?? reason.message) : String(reason);
    void report({
      name: 'a rejection that nobody handled',
      state: 'failed',
      milliseconds: 0,
      error,
    });
  });
  for (const [file, load] of Object.entries(files)) {
    await run(file, load, (event) => void report(event));
  }
  await report({ done: true });
}
