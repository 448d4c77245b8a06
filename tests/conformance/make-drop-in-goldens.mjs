#!/usr/bin/env node
/**
 * Writes tests/conformance/drop-in-goldens.json: what @huggingface/tokenizers and transformers.js answer to the programs of
 * drop-in-programs.mjs, for two small tokenizers.
 *
 *     node tests/conformance/make-drop-in-goldens.mjs
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bpeFiles, byteFile } from './bpe-files.mjs';
import { answerOf, tokenizers, transformers } from './drop-in-programs.mjs';
import { added } from './json-parts.mjs';
import { wordFiles } from './word-files.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(join(here, '..', '..', 'bench', 'package.json'));
const { Tokenizer, AddedToken } = require('@huggingface/tokenizers');
const { AutoTokenizer, PreTrainedTokenizer, env } = require('@huggingface/transformers');

const chat_template =
  "{{ bos_token }}{% for message in messages %}{{ message['role'] }}: {{ message['content'] }}{{ mine }} {% endfor %}{% if add_generation_prompt %}assistant:{% endif %}";
const special = { special: true };
const files = {
  bert: {
    tokenizer: wordFiles['bert-like'],
    config: {
      tokenizer_class: 'BertTokenizer',
      model_max_length: 64,
      unk_token: '[UNK]',
      pad_token: '[PAD]',
      cls_token: '[CLS]',
      sep_token: '[SEP]',
      mask_token: '[MASK]',
      chat_template,
    },
  },
  bytes: {
    tokenizer: {
      ...byteFile,
      added_tokens: ['<unk>', '<s>', '</s>', '<mask>'].map((token, id) =>
        added(id, token, special),
      ),
    },
    config: {
      tokenizer_class: 'LlamaTokenizer',
      bos_token: { __type: 'AddedToken', content: '<s>' },
      eos_token: '</s>',
      unk_token: '<unk>',
      add_bos_token: true,
      clean_up_tokenization_spaces: false,
      model_max_length: 50,
      chat_template,
    },
  },
};

files.suffix = {
  tokenizer: bpeFiles['byte-level-suffix'],
  config: {
    tokenizer_class: 'CLIPTokenizer',
    pad_token: '<s>',
    unk_token: '<unk>',
    model_max_length: 50,
    chat_template,
  },
};

const folder = mkdtempSync(join(tmpdir(), 'drop-in-'));
env.allowRemoteModels = false;
env.localModelPath = `${folder}/`;
const answers = {};
for (const [name, file] of Object.entries(files)) {
  mkdirSync(join(folder, name));
  const json = (path, value) => writeFileSync(join(folder, name, path), JSON.stringify(value));
  json('tokenizer.json', file.tokenizer);
  json('tokenizer_config.json', file.config);
  const given = { ...file, folder: name };
  const apis = [
    [tokenizers, { Tokenizer, AddedToken, made: new Tokenizer(file.tokenizer, file.config) }],
    [
      transformers,
      { AutoTokenizer, PreTrainedTokenizer, made: await AutoTokenizer.from_pretrained(name) },
    ],
  ];
  answers[name] = [];
  for (const [programs, api] of apis) {
    for (const [member, program] of Object.entries(programs)) {
      answers[name].push([member, await answerOf(program, api, given)]);
    }
  }
}
rmSync(folder, { recursive: true });
const lines = Object.entries(answers).map(
  ([name, list]) =>
    `${JSON.stringify(name)}:[\n${list.map((each) => JSON.stringify(each)).join(',\n')}\n]`,
);
writeFileSync(
  join(here, 'drop-in-goldens.json'),
  `{"files":${JSON.stringify(files)},\n"answers":{\n${lines.join(',\n')}\n}}\n`,
);
