/** The WebAssembly module's entries without the checks of the TypeScript above them: no call harms the next. */
import { beforeAll, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CoreBinding, TokenizerHandle } from '../../js/src/binding.js';
import type { LoadedCore } from '../../js/src/core.js';

let core: CoreBinding;
let tokenizer: TokenizerHandle;
beforeAll(async () => {
  const built = join(process.cwd(), 'dist', 'esm', 'wasm_core.js');
  const module = (await import(built)) as { loadWasmCore(): Promise<LoadedCore> };
  core = (await module.loadWasmCore()).binding;
  const json = readFileSync(join('models', 'default-model', 'tokenizer.json'));
  const loaded = await core.loadTokenizer(new Uint8Array(json), undefined);
  if (!('value' in loaded)) throw new Error(loaded.failure.message);
  tokenizer = loaded.value;
});

/** A list that nobody has the memory for. */
const endless = { length: 1.5e9 } as never;

test('what is no string is INVALID_INPUT', () => {
  const wrong = 5 as never;
  const calls = [
    () => core.nearestName(wrong, ['a']),
    () => core.nearestName('a', [wrong]),
    () => tokenizer.tokenToId(wrong),
    () => core.validateFeeds([{ name: wrong, type: 'int64', dims: [] }], [], undefined),
  ];
  for (const call of calls) {
    expect(call).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  }
  expect(core.nearestName('inputs', ['input', 'x'])).toBe('input');
});

test('memory that can’t be had is LIMIT_EXCEEDED', async () => {
  const feed = { name: 'x', type: 'int64', dims: endless, length: 1 };
  const limit = expect.objectContaining({ code: 'LIMIT_EXCEEDED' });
  expect(() => core.validateFeeds([], [feed], undefined)).toThrow(limit);
  expect(tokenizer.decode(endless, true)).toEqual({ failure: limit });
  expect(await core.search(endless, endless, 2, 1)).toEqual({ failure: limit });
  expect(core.summarize(endless)).toEqual({ failure: limit });
  expect(tokenizer.info().model).toBe('Unigram');
});
