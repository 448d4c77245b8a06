import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Tokenizer, type ChatMessage, type ChatTemplateOptions, type InferError } from 'infercore';
import { failure } from './failure';

/** What transformers.js gives; tests/conformance/make-chat-goldens.mjs writes it. */
interface Goldens {
  configurations: Record<string, { config: object; chat_template?: string }>;
  conversations: Record<string, { messages: ChatMessage[]; options?: Record<string, unknown> }>;
  cases: { configuration: string; conversation: string; text?: string; error?: string }[];
}
const goldens = JSON.parse(readFileSync('tests/conformance/chat-goldens.json', 'utf8')) as Goldens;

const VOCAB = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', 'user', 'hello', 'there', ':', '.'].join('\n');
const PLAIN = '{% for message in messages %}{{ message.role }}: {{ message.content }}.{% endfor %}';
const HELLO: ChatMessage[] = [{ role: 'user', content: 'hello there' }];

const made: Tokenizer[] = [];
async function tokenizerWith(config: object): Promise<Tokenizer> {
  const tokenizer = await Tokenizer.from({
    vocab: VOCAB,
    config: { tokenizer_class: 'BertTokenizer', ...config },
  });
  made.push(tokenizer);
  return tokenizer;
}
afterAll(() => {
  for (const tokenizer of made) tokenizer.dispose();
});

let plain: Tokenizer;
beforeAll(async () => {
  plain = await tokenizerWith({ chat_template: PLAIN });
});
const text = (template: string, options: Partial<ChatTemplateOptions> = {}, messages = HELLO) =>
  plain.applyChatTemplate(messages, { ...options, chatTemplate: template, tokenize: false });
const textError = (...args: Parameters<typeof text>): Promise<InferError> => failure(text(...args));

/** The options of transformers, as this library names them. */
function optionsOf(given: Record<string, unknown> = {}): ChatTemplateOptions {
  const { add_generation_prompt, tools, documents, ...variables } = given;
  return {
    addGenerationPrompt: add_generation_prompt === true,
    tools: (tools ?? null) as object[] | null,
    documents: (documents ?? null) as object[] | null,
    variables,
  };
}

describe('a chat template gives what transformers.js gives', () => {
  for (const [name, { config, chat_template }] of Object.entries(goldens.configurations)) {
    // The configuration is that of another model: only what stands in it about chats is looked at.
    test(`in the configuration ${name}`, async () => {
      const tokenizer = await Tokenizer.from({
        vocab: `${VOCAB}\n<s>\n</s>\n<b>`,
        config: { tokenizer_class: 'BertTokenizer', ...config },
      });
      made.push(tokenizer);
      const cases = goldens.cases.filter(({ configuration }) => configuration === name);
      expect(cases.length).toBeGreaterThan(5);
      for (const { conversation, text: expected, error } of cases) {
        const { messages = [], options } = goldens.conversations[conversation] ?? {};
        const asked = { ...optionsOf(options), chatTemplate: chat_template ?? null };
        const answer = await tokenizer
          .applyChatTemplate(messages, { ...asked, tokenize: false })
          .catch((reason: unknown) => {
            const { code, message } = reason as InferError;
            return { code, message };
          });
        if (error === undefined)
          expect({ conversation, answer }).toEqual({ conversation, answer: expected });
        else
          expect(answer).toEqual({
            code: 'INVALID_INPUT',
            message: expect.stringContaining(error) as unknown,
          });
      }
    });
  }
});

describe('the tokens of a conversation', () => {
  test('are those of its text, without more special tokens', async () => {
    const encoding = await plain.applyChatTemplate(HELLO);
    expect(encoding.tokens).toEqual(['user', ':', 'hello', 'there', '.']);
    const cut = await plain.applyChatTemplate(HELLO, {
      truncation: { maxLength: 2 },
      padding: { length: 3 },
    });
    expect(cut.tokens).toEqual(['user', ':', '[PAD]']);
    expect(await plain.applyChatTemplate(HELLO, { tokenize: false })).toBe('user: hello there.');
  });

  test('go on with the last message', async () => {
    const options = { continueFinalMessage: true } as const;
    expect(await text(PLAIN, options)).toBe('user: hello there');
    const parts = [
      { role: 'user', content: [{ type: 'image' }, { type: 'text', text: ' hello ' }] },
    ];
    const trimmed = '{{ messages[0].content[1].text | trim }}!';
    expect(await text(trimmed, options, parts)).toBe('hello');
    expect(await text('<{{ messages[0].content[1].text }}>', options, parts)).toBe('< hello ');
    const short: ChatMessage[] = [{ role: 'user', content: '<' }];
    expect(await text('<|{{ messages[0].content }}|>', options, short)).toBe('<|<');
    expect(
      await text('a{{ messages[0].content }}b', options, [{ role: 'user', content: '' }]),
    ).toBe('a');
    expect((await textError('{{ 1 }}', options)).message).toContain('it is not there');
    expect((await textError(PLAIN, options, [{ role: 'user' }])).message).toContain('with text');
    expect((await textError(PLAIN, options, [])).code).toBe('INVALID_INPUT');
  });
});

describe('a template knows', () => {
  test('the special tokens, and what the caller tells it', async () => {
    const tokenizer = await tokenizerWith({ bos_token: '<s>', additional_special_tokens: ['<x>'] });
    const ask = (template: string, variables = {}) =>
      tokenizer.applyChatTemplate(HELLO, { tokenize: false, chatTemplate: template, variables });
    expect(
      await ask('{{ bos_token }} {{ eos_token is defined }} {{ additional_special_tokens }}'),
    ).toBe('<s> false ["<x>"]');
    expect(
      await ask('{{ bos_token }}{{ mine.a[1] }}', { bos_token: '', mine: { a: [1, 2] } }),
    ).toBe('2');
  });

  test('the date, in English', async () => {
    const now = new Date();
    const written = await text("{{ strftime_now('%d %b %Y|%B|%A %%|%H %Q') }}");
    const english = (options: Intl.DateTimeFormatOptions) =>
      new Intl.DateTimeFormat('en', options).format(now);
    const parts = written.split('|');
    expect(parts[0]).toBe(
      `${String(now.getDate()).padStart(2, '0')} ${english({ month: 'short' }).slice(0, 3)} ${now.getFullYear()}`,
    );
    expect(parts[1]).toBe(english({ month: 'long' }));
    expect(parts[2]).toBe(`${english({ weekday: 'long' })} %`);
    expect(parts[3]).toMatch(/^\d\d %Q$/);
  });

  test('nothing else', async () => {
    for (const name of ['process', 'globalThis', 'constructor', '__proto__', 'self.constructor']) {
      expect(await text(`{{ ${name} is defined }}`)).toBe('false');
    }
    expect(await text("{{ messages.constructor is defined }} {{ 'a'['constructor'] }}")).toBe(
      'false ',
    );
    expect((await textError('{% include "/etc/passwd" %}')).code).toBe('INVALID_INPUT');
  });

  test('messages as plain data', async () => {
    const image = new Uint8Array(4);
    const messages = [{ role: 'user', content: [{ type: 'image', image }], name: undefined }];
    const template = '{{ messages[0].content[0].type }} {{ messages[0].name is defined }}';
    expect(await text(template, {}, messages)).toBe('image false');
    const cycle: Record<string, unknown> = { role: 'user' };
    cycle['self'] = cycle;
    expect((await textError(PLAIN, {}, [cycle as unknown as ChatMessage])).message).toContain(
      'at most 100 levels',
    );
  });
});

describe('a template that means harm', () => {
  const DOUBLE = '{% set ns.x = [ns.x, ns.x] %}';
  test.each([
    ['counts without end', '{% for i in range(1000000000) %}{% endfor %}'],
    [
      'loops in loops',
      '{% set r = range(100000) %}{% for a in r %}{% for b in r %}{% for c in r %}{% endfor %}{% endfor %}{% endfor %}',
    ],
    [
      'loops and writes',
      '{% for a in range(100000) %}{% for b in range(100000) %}aaaaaaaaaaaaaaaa{% endfor %}{% endfor %}',
    ],
    ['calls itself', '{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}'],
    [
      'doubles a text',
      `{% set ns = namespace(x="aa") %}${'{% set ns.x = ns.x ~ ns.x %}'.repeat(40)}`,
    ],
    ['doubles a list', `{% set ns = namespace(x=[1]) %}${DOUBLE.repeat(40)}{{ ns.x }}`],
    [
      'makes a list of lists and fills it later',
      `{% set leaf = namespace(x=1) %}{% set ns = namespace(x=[leaf]) %}${DOUBLE.repeat(18)}{% set leaf.x = "a" ~ range(50000) %}{{ ns.x }}`,
    ],
    [
      'looks for long texts in longer ones',
      `{% set ns = namespace(x="aaaa") %}${'{% set ns.x = ns.x ~ ns.x %}'.repeat(18)}{{ ("b" ~ ns.x) in (ns.x ~ ns.x) }}`,
    ],
    ['holds itself', '{% set ns = namespace() %}{% set ns.x = ns %}{{ ns }}'],
    ['is nested deep', `{{ ${'('.repeat(20000)}1${')'.repeat(20000)} }}`],
    ['is long', 'a'.repeat(300_000) + '{{ 1 }}'],
    ['has many blanks', `{{ 1 }}${' '.repeat(100_000)}`],
    ['indents far', '{{ messages | tojson(indent=1000000000) }}'],
  ])('is ended: %s', async (_, template) => {
    const start = performance.now();
    const error = await textError(template);
    expect(error.code).toBe('LIMIT_EXCEEDED');
    expect(error.message.length).toBeLessThan(500);
    expect(performance.now() - start).toBeLessThan(20_000);
  });

  test('is not one that works hard', async () => {
    const messages = Array.from({ length: 1000 }, (_, i) => ({
      role: i % 2 ? 'assistant' : 'user',
      content: 'word '.repeat(200),
    }));
    expect((await text(PLAIN, {}, messages)).length).toBeGreaterThan(1_000_000);
  });
});

describe('an error says what is wrong', () => {
  test('with the template: where it came from, and its own words', async () => {
    const refused = await textError("{{ raise_exception('Only user\\u202e and assistant!') }}");
    expect(refused.code).toBe('INVALID_INPUT');
    expect(refused.message).toBe(
      'the chat template of the options refuses: Only user\\u202e and assistant!',
    );
    const broken = await textError('{% if %}');
    expect(broken.message).toMatch(/^the chat template of the options can't be read: /);
    expect((await textError('{{ 1 | nofilter }}')).message).toMatch(/ fails: .*nofilter/);
  });

  test('with the choice of a template', async () => {
    const none = await tokenizerWith({});
    const missing = await failure(none.applyChatTemplate(HELLO));
    expect(missing.code).toBe('INVALID_OPTION');
    expect(missing.hint).toContain('make the tokenizer of its folder');
    const several = await tokenizerWith({
      chat_template: [
        { name: 'rag', template: PLAIN },
        { name: 'tool_use', template: '{{ tools }}' },
      ],
    });
    const error = async (options: ChatTemplateOptions) =>
      (await failure(several.applyChatTemplate(HELLO, { ...options, tokenize: false }))).message;
    expect(await error({})).toContain(
      'the tokenizer has "rag", "tool_use" and none that is "default"',
    );
    expect(await error({ chatTemplate: 'tool_ues' })).toContain('(did you mean "tool_use"?)');
    const tools = [{ name: 'f' }];
    expect(await several.applyChatTemplate(HELLO, { tools, tokenize: false })).toBe(
      '[{"name": "f"}]',
    );
  });

  test('with the options, all at once', async () => {
    const wrong = {
      addGenerationPromt: true,
      tokenize: 1,
      tools: 'x',
      documents: [1],
      chatTemplate: 7,
      variables: [],
    };
    const error = await failure(
      plain.applyChatTemplate(HELLO, wrong as unknown as ChatTemplateOptions & { tokenize: true }),
    );
    expect(error.code).toBe('INVALID_OPTION');
    expect(error.faults?.map(({ path }) => path).sort()).toEqual(Object.keys(wrong).sort());
    const together = await textError(PLAIN, {
      addGenerationPrompt: true,
      continueFinalMessage: true,
      truncation: true,
      variables: { range: 1 },
    });
    expect(together.faults?.map(({ path }) => path)).toEqual([
      'continueFinalMessage',
      'variables.range',
      'truncation',
    ]);
    const functions = await textError(PLAIN, { variables: { f: () => 1, g: { h: 1n } } });
    expect(functions.faults?.map(({ path }) => path)).toEqual(['variables.f', 'variables.g.h']);
  });

  test('with the messages, all at once', async () => {
    const messages = [HELLO[0], 'hello', { content: 'x' }, { role: 'user', content: Symbol('x') }];
    const error = await textError(PLAIN, {}, messages as unknown as ChatMessage[]);
    expect(error.code).toBe('INVALID_INPUT');
    expect(error.faults?.map(({ path }) => path)).toEqual([
      'messages[1]',
      'messages[2]',
      'messages[3].content',
    ]);
    const list = await failure(plain.applyChatTemplate('hello' as unknown as ChatMessage[]));
    expect(list.message).toContain('expected a list of messages, received "hello"');
  });

  test('with a tokenizer that was disposed', async () => {
    const gone = await Tokenizer.from({ vocab: VOCAB });
    gone.dispose();
    const error = await failure(gone.applyChatTemplate(HELLO, { chatTemplate: PLAIN }));
    expect(error.code).toBe('DISPOSED');
  });
});
