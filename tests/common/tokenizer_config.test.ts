/** tokenizer_config.json and the files beside it, from parts and from folders. */
import { afterAll, describe, expect, test } from '@jest/globals';
import { Tokenizer, type TokenizerParts, type TokenizerSource } from 'infercore';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failure } from './failure';
import { testModel } from './model_paths';

const VOCAB = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', '<fill>', 'the', 'whale', 'ship'];
const BERT = { tokenizer_class: 'BertTokenizer' };
const utf8 = (text: string) => new TextEncoder().encode(text);

const configOf = async (parts: Partial<TokenizerParts>) => {
  using tokenizer = await Tokenizer.from({ vocab: VOCAB.join('\n'), ...parts } as TokenizerParts);
  return tokenizer.config;
};
const bert = (config: object) => configOf({ config: { ...BERT, ...config } });

describe('what the configuration says', () => {
  test('special tokens by role, as text or as objects', async () => {
    const { specialTokens } = await bert({
      pad_token: '[PAD]',
      cls_token: { content: '[CLS]', lstrip: false, __type: 'AddedToken' },
      bos_token: null,
      additional_special_tokens: ['<fill>', { content: '[MASK]' }, '<fill>'],
      extra_special_tokens: { image_token: '<image>' },
    });
    expect(specialTokens).toEqual({
      bosToken: undefined,
      eosToken: undefined,
      unkToken: undefined,
      sepToken: undefined,
      padToken: '[PAD]',
      clsToken: '[CLS]',
      maskToken: undefined,
      additional: ['<fill>', '[MASK]', '<image>'],
    });
    expect(Object.isFrozen(specialTokens)).toBe(true);
  });

  test('lengths and sides', async () => {
    const config = await bert({
      model_max_length: 512,
      padding_side: 'left',
      truncation_side: 'left',
    });
    expect(config).toMatchObject({
      modelMaxLength: 512,
      paddingSide: 'left',
      truncationSide: 'left',
    });
    for (const model_max_length of [1e30, 1000000000000000019884624838656, null, 0, -1, 0.5]) {
      expect((await bert({ model_max_length })).modelMaxLength).toBeUndefined();
    }
  });

  test('special_tokens_map.json has the last word where there is no added_tokens_decoder', async () => {
    const specialTokens = { pad_token: '<fill>' };
    const config = { ...BERT, pad_token: '[PAD]' };
    const pad = async (parts: Partial<TokenizerParts>) =>
      (await configOf(parts)).specialTokens.padToken;
    expect(await pad({ config, specialTokens })).toBe('<fill>');
    expect(await pad({ config: { ...config, added_tokens_decoder: {} }, specialTokens })).toBe(
      '[PAD]',
    );
    expect(await pad({ specialTokens })).toBe('<fill>');
  });

  test('chat templates: one, several by name, one beside the configuration', async () => {
    expect((await bert({ chat_template: 'x' })).chatTemplates).toEqual({ default: 'x' });
    const chat_template = [
      { name: 'default', template: 'a' },
      { name: 'tool_use', template: 'b' },
    ];
    const { chatTemplates } = await bert({ chat_template });
    expect({ ...chatTemplates }).toEqual({ default: 'a', tool_use: 'b' });
    expect('toString' in chatTemplates).toBe(false);
    const config = { ...BERT, chat_template: 'old' };
    const beside = await configOf({ config, chatTemplate: 'new' });
    expect(beside.chatTemplates).toEqual({ default: 'new' });
    const named = await configOf({ chatTemplate: { rag: 'documents' } });
    expect({ ...named.chatTemplates }).toEqual({ rag: 'documents' });
  });

  test('nothing, where there is none', async () => {
    using tokenizer = await Tokenizer.from({ vocab: VOCAB.join('\n') });
    const none = { modelMaxLength: undefined, paddingSide: undefined, chatTemplates: {} };
    expect(tokenizer.config).toMatchObject(none);
    expect(tokenizer.config.specialTokens.additional).toEqual([]);
    using file = await Tokenizer.from(testModel('tiny-bert/tokenizer.json'));
    expect(file.config).toMatchObject(none);
    using more = file.withTokens(['x']);
    expect(more.config).toBe(file.config);
  });

  test('all that is wrong with it is told at once', async () => {
    const wrong = await failure(
      bert({
        pad_token: 7,
        model_max_length: 'long',
        padding_side: 'up',
        truncation_side: 1,
        additional_special_tokens: [1],
        chat_template: [{ name: 'default' }],
      }),
    );
    expect(wrong.code).toBe('INVALID_INPUT');
    expect(wrong.faults?.map(({ path }) => path)).toEqual([
      'config.pad_token',
      'config.additional_special_tokens',
      'config.model_max_length',
      'config.padding_side',
      'config.truncation_side',
      'config.chat_template',
    ]);
    expect(wrong.faults?.[0]?.message).toBe(
      'expected a token (text, or an object with its content) for config.pad_token, received 7',
    );
  });
});

describe('what it is good for', () => {
  const config = {
    ...BERT,
    pad_token: '<fill>',
    model_max_length: 4,
    padding_side: 'left',
    truncation_side: 'left',
  };
  const parts = { vocab: VOCAB.join('\n'), config };
  const tokensOf = async (options: object, source: TokenizerSource = parts) => {
    using tokenizer = await Tokenizer.from(source);
    return tokenizer.encode('the whale ship', options).tokens.join(' ');
  };

  test('padding: true takes its token and side, unless the caller says otherwise', async () => {
    expect(await tokensOf({ padding: { length: 7 } })).toBe(
      '<fill> <fill> [CLS] the whale ship [SEP]',
    );
    expect(await tokensOf({ padding: { length: 6, direction: 'right' } })).toBe(
      '[CLS] the whale ship [SEP] <fill>',
    );
    using tokenizer = await Tokenizer.from(parts);
    const batch = tokenizer.encodeBatch(['the', 'the whale'], { padding: true });
    expect([...batch.ids]).toEqual([5, 2, 6, 3, 2, 6, 7, 3]);
  });

  test('truncation: true takes its length and side', async () => {
    expect(await tokensOf({ truncation: true })).toBe('[CLS] whale ship [SEP]');
    expect(await tokensOf({ truncation: { maxLength: 3 } })).toBe('[CLS] ship [SEP]');
    expect(await tokensOf({ truncation: { maxLength: 3, direction: 'right' } })).toBe(
      '[CLS] the [SEP]',
    );
    expect(await tokensOf({})).toBe('[CLS] the whale ship [SEP]');
    const error = await failure(
      tokensOf({ truncation: true }, { vocab: parts.vocab, config: BERT }),
    );
    expect(error.code).toBe('INVALID_OPTION');
    expect(error.message).toContain("{ maxLength } (the tokenizer's files name none)");
  });

  test('what the tokenizer.json says comes before it', async () => {
    const file = JSON.parse(readFileSync(testModel('tiny-bert/tokenizer.json'), 'utf8')) as object;
    const own = {
      ...file,
      truncation: { direction: 'Right', strategy: 'LongestFirst', stride: 0, max_length: 6 },
    };
    const tokenizer = JSON.stringify(own);
    using made = await Tokenizer.from({ tokenizer, config: { model_max_length: 3 } });
    expect(made.encode('a b c d e f g h', { truncation: true }).length).toBe(6);
    expect(made.config.modelMaxLength).toBe(3);
  });
});

const folders: string[] = [];
/** A folder with the small tokenizer and these files. */
function folderWith(files: Readonly<Record<string, string>>, base = 'tokenizer.json'): string {
  const folder = mkdtempSync(join(tmpdir(), 'tokenizer-'));
  folders.push(folder);
  if (base) cpSync(testModel(`tiny-bert/${base}`), join(folder, base));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return `${folder}/`;
}
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});
const json = (value: object) => JSON.stringify(value);

describe('a folder', () => {
  test('gives the tokenizer and all that stands beside it', async () => {
    const folder = folderWith({
      'tokenizer_config.json': json({ model_max_length: 64, chat_template: 'old' }),
      'special_tokens_map.json': json({ pad_token: '[PAD]' }),
      'chat_template.jinja': '{{ messages }}',
    });
    using tokenizer = await Tokenizer.from(folder);
    expect(tokenizer.config).toMatchObject({
      modelMaxLength: 64,
      specialTokens: { padToken: '[PAD]' },
      chatTemplates: { default: '{{ messages }}' },
    });
    expect(tokenizer.encode('the').length).toBeGreaterThan(0);
    const older = folderWith({ 'chat_template.json': json({ chat_template: 'j' }) });
    using second = await Tokenizer.from(older);
    expect(second.config.chatTemplates).toEqual({ default: 'j' });
  });

  test('of an older model is one, too', async () => {
    const config = { 'tokenizer_config.json': json({ ...BERT, do_lower_case: false }) };
    using words = await Tokenizer.from(
      folderWith({ ...config, 'vocab.txt': VOCAB.join('\n') }, ''),
    );
    expect(words.encode('the The').tokens).toEqual(['[CLS]', 'the', '[UNK]', '[SEP]']);
    const letters = { '<|endoftext|>': 0, a: 1, b: 2, ab: 3 };
    const files = { 'vocab.json': json(letters), 'merges.txt': '#version: 0.2\na b\n' };
    using merges = await Tokenizer.from(folderWith(files, ''));
    expect(merges.encode('ab').tokens).toEqual(['ab']);
  });

  test('may be files as a user chose them, or a source for each name', async () => {
    const files = {
      'tokenizer.json': new Uint8Array(readFileSync(testModel('tiny-bert/tokenizer.json'))),
      'tokenizer_config.json': utf8(json({ model_max_length: 7 })),
    };
    const chosen = Object.entries(files).map(([name, bytes]) =>
      Object.defineProperty(new File([bytes], name), 'webkitRelativePath', {
        value: `mine/${name}`,
      }),
    );
    for (const source of [files, new Map(Object.entries(files)), chosen]) {
      using tokenizer = await Tokenizer.from(source);
      expect(tokenizer.config.modelMaxLength).toBe(7);
    }
  });

  test('is named when it has no tokenizer, or a file that is none', async () => {
    const none = await failure(Tokenizer.from(folderWith({}, '')));
    expect(none.code).toBe('NOT_FOUND');
    expect(none.message).toMatch(
      /^expected tokenizer\.json, or one of vocab\.json with merges\.txt, vocab\.txt, .*, in .*tokenizer-.*; none of them/,
    );
    const broken = await failure(Tokenizer.from(folderWith({ 'tokenizer_config.json': '{' })));
    expect(broken.code).toBe('INVALID_INPUT');
    expect(broken.message).toContain('tokenizer_config.json');
    const noFile = await failure(Tokenizer.from({ 'config.json': utf8('{}') }));
    expect(noFile.code).toBe('NOT_FOUND');
    expect(noFile.message).toContain('the given files (config.json)');
    const abort = AbortSignal.abort();
    expect((await failure(Tokenizer.from(folderWith({}), { signal: abort }))).code).toBe('ABORTED');
  });
});

test('parts that do not belong together are refused', async () => {
  const parts = { tokenizer: '{}', vocab: 'a', specialTokens: 1, chatTemplate: { a: 1 }, merge: 1 };
  const error = await failure(Tokenizer.from(parts as unknown as TokenizerParts));
  expect(error.code).toBe('INVALID_INPUT');
  expect(error.faults?.map(({ path }) => path)).toEqual([
    'merge',
    'specialTokens',
    'chatTemplate',
    'tokenizer',
  ]);
});
