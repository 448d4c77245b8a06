/**
 * Files of older models, vocab.txt or vocab.json and merges.txt: they become the tokenizer.json that transformers makes of them
 * for BERT, GPT-2, RoBERTa and CLIP.
 */
import { describe } from './describe.js';
import { InferError } from './error.js';
import type { Json } from './folder_file.js';
import { isObject } from './option.js';

type Vocabulary = ReadonlyMap<string, number>;
type Family = 'bert' | 'gpt2' | 'roberta' | 'clip';

/** By tokenizer_class: only those that transformers converts in the same way as the family's own. */
const CLASSES: readonly (readonly [RegExp, Family])[] = [
  [
    /^(Bert|DistilBert|Electra|LayoutLM|MobileBert|DPR(ContextEncoder|QuestionEncoder|Reader))$/,
    'bert',
  ],
  [/^(Roberta|Longformer|Bart|LED)$/, 'roberta'],
  [/^CLIP$/, 'clip'],
  [/^(GPT2|CodeGen)$/, 'gpt2'],
];

/**
 * The tokenizer.json. `merges`: with vocab.json only.
 * @throws InferError NOT_A_TOKENIZER for files that can't be read; UNSUPPORTED_COMPONENT for other models
 */
export function jsonOfVocabulary(vocab: string, merges: string | undefined, config: Json): string {
  const tokens = readVocabulary(vocab);
  const rules = merges === undefined ? undefined : readMerges(merges);
  const make = MAKERS[familyOf(config, tokens, rules !== undefined)];
  return JSON.stringify(make(new Parts(tokens, rules ?? [], config)));
}

/** For parts that can't be read as what they are. */
export function refuse(message: string, hint: string): InferError {
  return new InferError({ code: 'NOT_A_TOKENIZER', message, hint });
}

function readVocabulary(text: string): Vocabulary {
  if (!/^\s*\{/.test(text)) {
    const lines = text.split(/\r?\n/);
    if (lines.at(-1) === '') lines.pop();
    if (lines.length === 0) {
      throw refuse('expected a token a line for vocab, received an empty file', 'is it vocab.txt?');
    }
    return new Map(lines.map((token, id) => [token, id]));
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw refuse(`vocab can't be read as JSON: ${String(error)}`, 'is the file whole?');
  }
  const entries = Object.entries(json as Json);
  const wrong = entries.find(([, id]) => !Number.isInteger(id) || Number(id) < 0);
  if (wrong) {
    const [token, id] = wrong;
    throw refuse(
      `expected an id ≥ 0 for each token of vocab, received ${describe(id)} for ${describe(token)}`,
      'is it vocab.json?',
    );
  }
  return new Map(entries as [string, number][]);
}

function readMerges(text: string): readonly string[] {
  const lines = text.split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('#version'));
  const wrong = lines.findIndex((line) => line.split(' ').length !== 2);
  if (wrong < 0) return lines;
  throw refuse(
    `expected two tokens and a space between for each line of merges, received ${describe(lines[wrong])}`,
    'is it merges.txt?',
  );
}

/** What the class says; where there is none, what only one family's files look like. */
function familyOf(config: Json, vocab: Vocabulary, merges: boolean): Family {
  const said = config['tokenizer_class'];
  const name = typeof said === 'string' ? said : undefined;
  const family = name === undefined ? guessedFamily(vocab, merges) : familyNamed(name);
  if (!family) {
    throw new InferError({
      code: 'UNSUPPORTED_COMPONENT',
      message: `expected a tokenizer_class of BERT, GPT-2, RoBERTa or CLIP in config, received ${describe(name)}`,
      hint: name === undefined ? 'give tokenizer_config.json as config' : 'give its tokenizer.json',
    });
  }
  if (merges === (family !== 'bert')) return family;
  throw refuse(
    `expected ${merges ? 'no merges' : 'merges'} with the vocabulary of ${describe(name ?? 'GPT-2')}`,
    merges ? 'leave merges out' : 'give merges.txt too',
  );
}

function familyNamed(name: string): Family | undefined {
  const model = name.replace(/Tokenizer(Fast)?$/, '');
  return model === name ? undefined : CLASSES.find(([pattern]) => pattern.test(model))?.[1];
}

/** Not RoBERTa: others have a vocabulary like its own, and read texts in another way. */
function guessedFamily(vocab: Vocabulary, merges: boolean): Family | undefined {
  if (!merges) return 'bert';
  if (vocab.has('<|startoftext|>')) return 'clip';
  return vocab.has('<|endoftext|>') ? 'gpt2' : undefined;
}

/** What all families ask of the files. */
class Parts {
  readonly #added: Json[] = [];

  constructor(
    readonly vocab: Vocabulary,
    readonly merges: readonly string[],
    readonly config: Json,
  ) {}

  flag(name: string, otherwise: boolean): boolean {
    const value = this.config[name];
    return typeof value === 'boolean' ? value : otherwise;
  }

  /** A special token by its name in the configuration, which may give it as an object; it becomes an added token. */
  special(name: string, otherwise: string, lstrip = false): [token: string, id: number] {
    const token = this.#named(name) ?? otherwise;
    const id = this.vocab.get(token);
    if (id === undefined) {
      throw refuse(
        `expected ${describe(token)} in vocab, as ${name}`,
        'name the special tokens in config, or give the vocabulary of another model',
      );
    }
    const flags = { single_word: false, lstrip, rstrip: false, normalized: false, special: true };
    this.#added.push({ id, content: token, ...flags });
    return [token, id];
  }

  has(name: string, otherwise: string): boolean {
    return this.vocab.has(this.#named(name) ?? otherwise);
  }

  #named(name: string): string | undefined {
    const said = this.config[name];
    const content = isObject(said) ? said['content'] : said;
    return typeof content === 'string' ? content : undefined;
  }

  json(stages: Json): Json {
    const added_tokens = [...this.#added].sort((a, b) => Number(a['id']) - Number(b['id']));
    return { version: '1.0', truncation: null, padding: null, added_tokens, ...stages };
  }

  bpe(more: Json): Json {
    const { merges } = this;
    const vocab = Object.fromEntries(this.vocab);
    const plain = { continuing_subword_prefix: '', end_of_word_suffix: '', unk_token: null };
    const rest = { dropout: null, fuse_unk: false, byte_fallback: false };
    return { type: 'BPE', ...plain, ...rest, ...more, vocab, merges };
  }
}

const MAKERS: Readonly<Record<Family, (parts: Parts) => Json>> = { bert, gpt2, roberta, clip };

function bert(parts: Parts): Json {
  const [unk_token] = parts.special('unk_token', '[UNK]');
  const sep = parts.special('sep_token', '[SEP]');
  const cls = parts.special('cls_token', '[CLS]');
  parts.special('pad_token', '[PAD]');
  if (parts.has('mask_token', '[MASK]')) parts.special('mask_token', '[MASK]');
  return parts.json({
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: parts.flag('tokenize_chinese_chars', true),
      strip_accents: parts.config['strip_accents'] ?? null,
      lowercase: parts.flag('do_lower_case', true),
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: template(
      [special(cls, 0), sequence('A', 0), special(sep, 0)],
      [special(cls, 0), sequence('A', 0), special(sep, 0), sequence('B', 1), special(sep, 1)],
      [cls, sep],
    ),
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token,
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(parts.vocab),
    },
  });
}

type Special = readonly [token: string, id: number];

function template(single: Json[], pair: Json[], tokens: readonly Special[]): Json {
  const special_tokens = Object.fromEntries(
    tokens.map(([id, number]) => [id, { id, ids: [number], tokens: [id] }]),
  );
  return { type: 'TemplateProcessing', single, pair, special_tokens };
}
function special([id]: Special, type_id: number): Json {
  return { SpecialToken: { id, type_id } };
}
function sequence(id: 'A' | 'B', type_id: number): Json {
  return { Sequence: { id, type_id } };
}

function byteLevel(add_prefix_space: boolean, trim_offsets: boolean, use_regex = true): Json {
  return { type: 'ByteLevel', add_prefix_space, trim_offsets, use_regex };
}

function gpt2(parts: Parts): Json {
  for (const name of ['pad_token', 'unk_token', 'eos_token']) {
    if (parts.has(name, '<|endoftext|>')) parts.special(name, '<|endoftext|>');
  }
  const bos = parts.special('bos_token', '<|endoftext|>');
  return parts.json({
    normalizer: null,
    pre_tokenizer: byteLevel(parts.flag('add_prefix_space', false), true),
    post_processor: parts.flag('add_bos_token', false)
      ? template(
          [special(bos, 0), sequence('A', 0)],
          [special(bos, 0), sequence('A', 0), sequence('B', 1)],
          [bos],
        )
      : byteLevel(true, false),
    decoder: byteLevel(true, true),
    model: parts.bpe({}),
  });
}

function roberta(parts: Parts): Json {
  const cls = parts.special('cls_token', '<s>');
  parts.special('pad_token', '<pad>');
  const sep = parts.special('sep_token', '</s>');
  parts.special('unk_token', '<unk>');
  if (parts.has('mask_token', '<mask>')) parts.special('mask_token', '<mask>', true);
  const add_prefix_space = parts.flag('add_prefix_space', false);
  const trim_offsets = parts.flag('trim_offsets', true);
  return parts.json({
    normalizer: null,
    pre_tokenizer: byteLevel(add_prefix_space, trim_offsets),
    post_processor: { type: 'RobertaProcessing', sep, cls, trim_offsets, add_prefix_space },
    decoder: byteLevel(true, true),
    model: parts.bpe({}),
  });
}

const CLIP_WORDS = "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";

function clip(parts: Parts): Json {
  const cls = parts.special('bos_token', '<|startoftext|>');
  const sep = parts.special('eos_token', '<|endoftext|>');
  const [unk_token] = parts.special('unk_token', '<|endoftext|>');
  return parts.json({
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'NFC' },
        { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' },
        { type: 'Lowercase' },
      ],
    },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Split', pattern: { Regex: CLIP_WORDS }, behavior: 'Removed', invert: true },
        byteLevel(false, true),
      ],
    },
    post_processor: {
      type: 'RobertaProcessing',
      sep,
      cls,
      trim_offsets: false,
      add_prefix_space: false,
    },
    decoder: byteLevel(true, true),
    model: parts.bpe({ end_of_word_suffix: '</w>', unk_token }),
  });
}
