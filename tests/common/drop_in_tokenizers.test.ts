/** Programs for @huggingface/tokenizers and transformers.js, on infercore/compat. docs/drop-in.md is their list. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { InferError } from 'infercore';
import {
  AddedToken,
  AutoTokenizer,
  PreTrainedTokenizer,
  Tensor,
  Tokenizer,
} from 'infercore/compat';
import { answerOf, tokenizers, transformers } from '../conformance/drop-in-programs.mjs';
import { failure } from './failure';

/** What the packages themselves answer; tests/conformance/make-drop-in-goldens.mjs writes it. */
interface Goldens {
  files: Record<string, { tokenizer: object; config: object }>;
  answers: Record<string, [member: string, answer: unknown][]>;
}
const { files, answers } = JSON.parse(
  readFileSync('tests/conformance/drop-in-goldens.json', 'utf8'),
) as Goldens;

const folders = new Map<string, string>();
const folderOf = (name: string) => folders.get(name) ?? '';
beforeAll(() => {
  for (const [name, { tokenizer, config }] of Object.entries(files)) {
    const folder = mkdtempSync(join(tmpdir(), 'drop-in-'));
    folders.set(name, folder);
    writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(tokenizer));
    writeFileSync(join(folder, 'tokenizer_config.json'), JSON.stringify(config));
  }
});
afterAll(() => {
  for (const folder of folders.values()) rmSync(folder, { recursive: true });
});

for (const [name, file] of Object.entries(files)) {
  const given = () => ({ ...file, folder: folderOf(name) });
  const goldens = new Map(answers[name]);

  describe(`a program for @huggingface/tokenizers, with the file ${name}`, () => {
    for (const [member, program] of Object.entries(tokenizers)) {
      test(member, async () => {
        const made = new Tokenizer(file.tokenizer, file.config);
        expect(await answerOf(program, { Tokenizer, AddedToken, made }, given())).toEqual(
          goldens.get(member),
        );
      });
    }
  });

  describe(`a program for transformers.js, with the file ${name}`, () => {
    for (const [member, program] of Object.entries(transformers)) {
      test(member, async () => {
        const made = await AutoTokenizer.from_pretrained(given().folder);
        const api = { AutoTokenizer, PreTrainedTokenizer, made };
        expect(await answerOf(program, api, given())).toEqual(goldens.get(member));
      });
    }
  });
}

const { tokenizer: json, config } = files['bert'] ?? { tokenizer: {}, config: {} };
const bert = () => new PreTrainedTokenizer(json, config);

test('types are as exact as those of the packages', () => {
  // Each annotation is what the package's own types give; tsc is the judge.
  const made: PreTrainedTokenizer = bert();
  const tensor: Tensor = made(['hello', 'the'], { padding: true, truncation: true }).input_ids;
  const list: number[] = made('hello', { return_tensor: false }).input_ids;
  const lists: number[][] = made(['hello'], { return_tensor: false }).attention_mask;
  const types: Tensor | undefined = made('hello').token_type_ids;
  const conversation = [{ role: 'user', content: 'hello' }];
  const text: string = made.apply_chat_template(conversation, { tokenize: false });
  const asked = { return_dict: false, return_tensor: false, enable_thinking: false } as const;
  const ids: number[] = made.apply_chat_template(conversation, asked);
  const id: number | undefined = made.convert_tokens_to_ids('hello');
  const typeIds: number[] = new Tokenizer(json, config).encode('hello', {
    return_token_type_ids: true,
  }).token_type_ids;
  expect([tensor.dims, types?.dims, list.length, lists.length, typeIds.length]).toEqual([
    [2, 3],
    [1, 3],
    3,
    1,
    3,
  ]);
  expect([text, ids.length > 0, typeof id]).toEqual(['user: hello ', true, 'number']);
  // @ts-expect-error: pairs of a text are texts
  expect(() => made('hello', { text_pair: ['the'] })).toThrow(InferError);
});

describe('what differs from those packages on purpose', () => {
  test('a text that is cut keeps its special tokens', () => {
    const { input_ids } = bert()('hello world hello', { truncation: true, max_length: 4 });
    expect(bert().convert_tokens_to_ids(['[CLS]', '[SEP]'])).toEqual([
      Number(input_ids.data[0]),
      Number(input_ids.data[3]),
    ]);
    const cut = { truncation: true, max_length: 4, return_tensor: false } as const;
    const left = new PreTrainedTokenizer(json, { ...config, truncation_side: 'left' });
    expect(left.decode(left('the hello world', cut).input_ids)).toBe('[CLS] hello world [SEP]');
  });

  test('type ids are there for whoever asks', () => {
    const { tokenizer, config: own } = files['bytes'] ?? { tokenizer: {}, config: {} };
    const bytes = new Tokenizer(tokenizer, own);
    expect(bytes.encode('ab', { return_token_type_ids: true }).token_type_ids).toEqual([0]);
  });

  test('ids outside the vocabulary have no text', () => {
    const tokenizer = new Tokenizer(json, config);
    const [id = 0] = tokenizer.encode('hello', { add_special_tokens: false }).ids;
    expect(tokenizer.decode([id, 1e6])).toBe('hello');
  });

  test('stages are no objects', async () => {
    const tokenizer = new Tokenizer(json, config);
    for (const stage of [
      'normalizer',
      'pre_tokenizer',
      'model',
      'post_processor',
      'decoder',
    ] as const) {
      expect((await failure(() => tokenizer[stage])).code).toBe('NOT_SUPPORTED');
    }
  });

  test('there is more: the tokenizer of this library, and an end', async () => {
    const tokenizer = bert();
    expect(tokenizer._tokenizer.own.countTokens('hello world')).toBe(4);
    tokenizer.dispose();
    expect((await failure(() => tokenizer('hello'))).code).toBe('DISPOSED');
  });

  test('every reason to fail is an InferError that says what was expected', async () => {
    const tokenizer = bert();
    const wrong = async (work: () => unknown) => {
      const error = await failure(work);
      expect(error).toBeInstanceOf(InferError);
      return `${error.code} ${(error.faults ?? []).map(({ path }) => path).join(' ')}`.trim();
    };
    expect(await wrong(() => new Tokenizer([] as object, 1 as unknown as object))).toBe(
      'INVALID_INPUT tokenizer config',
    );
    expect(await wrong(() => new Tokenizer({ model: {} }, {}))).toBe(
      'INVALID_INPUT tokenizer.decoder tokenizer.post_processor tokenizer.pre_tokenizer tokenizer.normalizer',
    );
    expect(await wrong(() => tokenizer([]))).toBe('INVALID_INPUT');
    expect(await wrong(() => tokenizer(['a', 1] as string[]))).toBe('INVALID_INPUT texts[1]');
    expect(await wrong(() => tokenizer(['a', 'b'], { text_pair: ['c'] }))).toBe(
      'INVALID_OPTION text_pair',
    );
    expect(await wrong(() => tokenizer('a', { text_pair: 1 as unknown as string }))).toBe(
      'INVALID_OPTION text_pair[0]',
    );
    const options = { padding: 'longest', truncation: 'yes', max_length: 0, return_tensor: 1 };
    expect(await wrong(() => tokenizer('a', options as object))).toBe(
      'INVALID_OPTION padding truncation max_length return_tensor',
    );
    expect(await wrong(() => tokenizer(['hello', 'hello world']))).toBe('INVALID_OPTION');
    expect(await wrong(() => tokenizer.decode([]))).toBe('INVALID_INPUT');
    const two = new Tensor('int64', new BigInt64Array(2), [2, 1]);
    expect(await wrong(() => tokenizer.decode(two))).toBe('INVALID_INPUT');
    const endless = new PreTrainedTokenizer(json, { model_max_length: 1e30 });
    expect(await wrong(() => endless('a', { padding: 'max_length' }))).toBe('INVALID_OPTION');
    expect(await wrong(() => endless(['hello', 'hello the'], { padding: true }))).toBe(
      'INVALID_OPTION',
    );
    expect(await wrong(() => endless.apply_chat_template([]))).toBe('INVALID_OPTION');
    expect(await wrong(() => AutoTokenizer.from_pretrained('no/such/folder'))).toBe('NOT_FOUND');
    const other = mkdtempSync(join(tmpdir(), 'drop-in-'));
    folders.set('.tiktoken', other);
    writeFileSync(join(other, 'qwen.tiktoken'), `${btoa('a')} 0\n`);
    const refused = await failure(() => AutoTokenizer.from_pretrained(other));
    expect(refused.message).toContain('expected a tokenizer.json in');
  });
});

test('docs/drop-in.md lists each program, and nothing as covered that has none', () => {
  const [, tables = ''] = readFileSync('docs/drop-in.md', 'utf8').split('\n## Other tokenizers\n');
  const rows = tables
    .split('\n')
    .map((line) => /^\| `(.+?)` +\| (covered|differs)\b/.exec(line)?.[1])
    .filter((member) => member !== undefined);
  expect(rows).toEqual([...Object.keys(tokenizers), ...Object.keys(transformers)]);
});
