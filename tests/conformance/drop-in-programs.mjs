/**
 * Programs for @huggingface/tokenizers and transformers.js, one for each member that docs/drop-in.md calls covered. They run
 * on those packages (make-drop-in-goldens.mjs) and on infercore/compat (tests/common/drop_in_tokenizers.test.ts), and what they
 * return must be the same.
 */

const TEXTS = [
  'hello world',
  'Unaffordable, he said!',
  '  the [MASK] of the sea ',
  'x',
  '日本 é 🙂',
];
const PAIRS = [
  ['hello', 'the other world'],
  ['one two', ''],
];
/** Tensors as they can be written down. */
const plain = (value) =>
  value?.dims
    ? { type: value.type, dims: value.dims, data: Array.from(value.data, Number) }
    : value;
const entries = (encoding) =>
  Object.fromEntries(Object.entries(encoding).map(([name, value]) => [name, plain(value)]));
const CHAT = [
  { role: 'user', content: 'hello' },
  { role: 'assistant', content: 'world' },
];

/** name of the member → program. `file` has { tokenizer, config }. */
export const tokenizers = {
  'new Tokenizer(tokenizer, config)': ({ Tokenizer }, { tokenizer, config }) =>
    new Tokenizer(tokenizer, config) instanceof Tokenizer,
  'tokenizer.encode(text)': ({ made }) => TEXTS.map((text) => made.encode(text)),
  'tokenizer.encode(text, { text_pair })': ({ made }) =>
    PAIRS.map(([text, text_pair]) => made.encode(text, { text_pair })),
  'tokenizer.encode(text, { add_special_tokens })': ({ made }) =>
    TEXTS.map((text) => made.encode(text, { add_special_tokens: false })),
  'tokenizer.encode(text, { return_token_type_ids })': ({ made }, { config }) =>
    // Without a template theirs has none to give.
    config.tokenizer_class === 'BertTokenizer'
      ? PAIRS.map(([text, text_pair]) =>
          made.encode(text, { text_pair, return_token_type_ids: true }),
        )
      : 'none',
  'tokenizer.decode(ids)': ({ made }) => TEXTS.map((text) => made.decode(made.encode(text).ids)),
  'tokenizer.decode(ids, { skip_special_tokens })': ({ made }) =>
    TEXTS.map((text) =>
      made.decode(made.encode(text).ids.map(BigInt), { skip_special_tokens: true }),
    ),
  'tokenizer.decode(ids, { clean_up_tokenization_spaces })': ({ made }) =>
    [true, false, null].map((clean_up_tokenization_spaces) =>
      made.decode(made.encode("he 's here , we 're not ! ' x ' .").ids, {
        clean_up_tokenization_spaces,
      }),
    ),
  'tokenizer.tokenize(text, { text_pair, add_special_tokens })': ({ made }) => [
    ...TEXTS.map((text) => made.tokenize(text)),
    made.tokenize('hello', { text_pair: 'world', add_special_tokens: true }),
  ],
  'tokenizer.token_to_id(token)': ({ made }) =>
    ['hello', '[MASK]', 'h', 'no such token'].map((token) => made.token_to_id(token) ?? null),
  'tokenizer.id_to_token(id)': ({ made }) =>
    [0, 4, 20, 1e6].map((id) => made.id_to_token(id) ?? null),
  'tokenizer.get_added_tokens_decoder()': ({ made }) =>
    [...made.get_added_tokens_decoder()].map(([id, token]) => [id, { ...token }]),
  'tokenizer.get_vocab(with_added_tokens)': ({ made }) =>
    [true, false].map((with_added_tokens) => [...made.get_vocab(with_added_tokens)]),
  'new AddedToken(config)': ({ AddedToken }) => ({
    ...new AddedToken({ content: '<x>', id: 7, special: true }),
    other: { ...new AddedToken({ content: '<y>', id: 8, lstrip: true }) },
  }),
};

export const transformers = {
  'AutoTokenizer.from_pretrained(folder)': async ({ AutoTokenizer }, { folder }) =>
    (await AutoTokenizer.from_pretrained(folder, { local_files_only: true })).encode('hello'),
  'PreTrainedTokenizer.from_pretrained(folder)': async ({ PreTrainedTokenizer }, { folder }) => {
    const tokenizer = await PreTrainedTokenizer.from_pretrained(folder);
    return [tokenizer instanceof PreTrainedTokenizer, typeof tokenizer, tokenizer.encode('hello')];
  },
  'new PreTrainedTokenizer(tokenizerJSON, tokenizerConfig)': (
    { PreTrainedTokenizer },
    { tokenizer, config },
  ) => new PreTrainedTokenizer(tokenizer, config).encode('hello'),
  'tokenizer(text)': ({ made }) => TEXTS.map((text) => entries(made(text))),
  'tokenizer(texts, { padding })': ({ made }) => [
    entries(made(TEXTS, { padding: true })),
    entries(made(TEXTS, { padding: 'max_length', max_length: 48 })),
    entries(made(['hello', 'world'])),
  ],
  'tokenizer(texts, { truncation, max_length })': ({ made }) => [
    // Where something is cut, theirs drops the last special token: see docs/drop-in.md.
    entries(made('hello', { truncation: true, max_length: 100 })),
    entries(
      made(TEXTS, { truncation: true, padding: true, add_special_tokens: false, max_length: 3 }),
    ),
    entries(made('hello hello hello', { max_length: 2, add_special_tokens: false })),
  ],
  'tokenizer(text, { text_pair })': ({ made }) => [
    entries(made('hello', { text_pair: 'the world' })),
    entries(made(['hello', 'the'], { text_pair: ['world', ''], padding: true })),
  ],
  'tokenizer(text, { add_special_tokens })': ({ made }) =>
    entries(made('hello world', { add_special_tokens: false })),
  'tokenizer(text, { return_tensor })': ({ made }) => [
    made('hello', { return_tensor: false }),
    made(TEXTS, { return_tensor: false }),
    made(TEXTS, { return_tensor: false, padding: true }),
  ],
  'tokenizer(text, { return_token_type_ids })': ({ made }, { config }) => [
    entries(made('hello', { return_token_type_ids: false })),
    config.tokenizer_class === 'BertTokenizer'
      ? entries(made('hello', { text_pair: 'world', return_token_type_ids: true }))
      : 'none',
  ],
  'tensor.data, .dims, .type, .size, .tolist()': ({ made }) => {
    const { input_ids } = made(['hello', 'world'], { padding: true });
    const { type, dims, size } = input_ids;
    return [type, dims, size, input_ids.tolist().map((row) => row.map(String))];
  },
  'tokenizer._call(text, options)': ({ made }) => entries(made._call('hello')),
  'tokenizer._encode_text(text)': ({ made }) => [
    made._encode_text('hello world'),
    made._encode_text(null),
  ],
  'tokenizer.tokenize(text, { pair, add_special_tokens })': ({ made }) => [
    made.tokenize('hello world'),
    made.tokenize('hello', { pair: 'world', add_special_tokens: true }),
  ],
  'tokenizer.encode(text, options)': ({ made }) => [
    made.encode('hello', { text_pair: 'world' }),
    made.encode('hello', { add_special_tokens: false }),
  ],
  'tokenizer.decode(ids, options)': ({ made }) => [
    made.decode(made.encode('hello , world !')),
    made.decode(made('hello world').input_ids, { skip_special_tokens: true }),
    made.decode(made.encode('hello , world !'), { clean_up_tokenization_spaces: false }),
  ],
  'tokenizer.decode_single(ids, options)': ({ made }) =>
    made.decode_single(made.encode('hello'), { skip_special_tokens: true }),
  'tokenizer.batch_decode(batch, options)': ({ made }) => [
    made.batch_decode(TEXTS.map((text) => made.encode(text))),
    made.batch_decode(made(['hello', 'world'], { padding: true }).input_ids, {
      skip_special_tokens: true,
    }),
  ],
  'tokenizer.get_vocab()': ({ made }) => [...made.get_vocab()],
  'tokenizer.convert_tokens_to_ids(tokens)': ({ made }) => [
    made.convert_tokens_to_ids('[MASK]') ?? null,
    made.convert_tokens_to_ids(['h', 'no such']).map((id) => id ?? null),
  ],
  'tokenizer.bos_token … .mask_token, and their ids': ({ made }) =>
    ['bos', 'eos', 'unk', 'sep', 'pad', 'mask'].map((role) => [
      made[`${role}_token`],
      made[`${role}_token_id`] ?? null,
    ]),
  'tokenizer.all_special_ids, .all_special_tokens': ({ made }) => [
    made.all_special_ids,
    made.all_special_tokens,
  ],
  'tokenizer.model_max_length': ({ made }) => made.model_max_length,
  'tokenizer.padding_side': ({ made }) => made.padding_side,
  'tokenizer.return_token_type_ids': ({ made }) => made.return_token_type_ids,
  'tokenizer.add_bos_token, .add_eos_token': ({ made }) => [
    made.add_bos_token ?? null,
    made.add_eos_token ?? null,
  ],
  'tokenizer.config': ({ made }) => made.config,
  'tokenizer._tokenizer, ._tokenizerJSON, ._tokenizerConfig': ({ made }) => [
    made._tokenizer.token_to_id('h'),
    Object.keys(made._tokenizerJSON),
    made._tokenizerConfig,
  ],
  'tokenizer.chat_template': ({ made }) => made.chat_template,
  'tokenizer.get_chat_template({ chat_template, tools })': ({ made }) => [
    made.get_chat_template(),
    made.get_chat_template({ chat_template: '{{ 1 }}' }),
  ],
  'tokenizer.apply_chat_template(conversation, options)': ({ made }) => [
    made.apply_chat_template(CHAT, { tokenize: false }),
    made.apply_chat_template(CHAT, { tokenize: false, add_generation_prompt: true, mine: 'x' }),
    entries(made.apply_chat_template(CHAT)),
    made.apply_chat_template(CHAT, { return_tensor: false, return_dict: false }),
    made.apply_chat_template(CHAT, {
      return_tensor: false,
      padding: true,
      tokenizer_kwargs: { add_special_tokens: true },
    }),
    plain(made.apply_chat_template(CHAT, { return_dict: false })),
  ],
};

/** What a program returns, or that it fails: messages are each package's own. */
export async function answerOf(program, api, file) {
  try {
    return await program(api, file);
  } catch (error) {
    return { fails: error instanceof Error };
  }
}
