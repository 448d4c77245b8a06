#!/usr/bin/env node
/**
 * Writes tests/conformance/chat-goldens.json: what transformers.js makes of some conversations with some chat templates.
 * Folders of models may be named, which are compared with the built library at once and not written.
 *
 *     NODE_PATH=bench/node_modules node tests/conformance/make-chat-goldens.mjs [FOLDER…]
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { configurations, conversations } from './chat-cases.mjs';

const { PreTrainedTokenizer } = createRequire(import.meta.url)('@huggingface/transformers');
const here = dirname(fileURLToPath(import.meta.url));

/** The smallest there is: the text alone matters. */
const TOKENIZER = {
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: [],
  normalizer: null,
  pre_tokenizer: null,
  post_processor: null,
  decoder: null,
  model: { type: 'WordLevel', vocab: { '[UNK]': 0 }, unk_token: '[UNK]' },
};

function theirs(tokenizer, { messages, options = {} }, chat_template = null) {
  try {
    return {
      text: tokenizer.apply_chat_template(messages, { ...options, chat_template, tokenize: false }),
    };
  } catch (error) {
    return { error: error.message };
  }
}

async function compare(folder) {
  const { Tokenizer } = await import('../../dist/esm/node.js');
  const json = (name) => JSON.parse(readFileSync(join(folder, name), 'utf8'));
  const reference = new PreTrainedTokenizer(TOKENIZER, json('tokenizer_config.json'));
  const tokenizer = await Tokenizer.from(folder);
  for (const [name, conversation] of Object.entries(conversations)) {
    const expected = theirs(reference, conversation);
    const { add_generation_prompt, tools, documents, ...variables } = conversation.options ?? {};
    const text = await tokenizer
      .applyChatTemplate(conversation.messages, {
        tokenize: false,
        variables,
        ...(add_generation_prompt && { addGenerationPrompt: true }),
        ...(tools && { tools }),
        ...(documents && { documents }),
      })
      .catch((error) => error.message);
    const same = 'text' in expected ? text === expected.text : text.includes(expected.error);
    console.log(`${same ? 'same     ' : 'DIFFERENT'} ${folder} ${name}`);
    if (!same) process.exitCode = 1;
  }
}

const folders = process.argv.slice(2);
for (const folder of folders) await compare(folder);
if (folders.length === 0) {
  const cases = Object.entries(configurations).flatMap(
    ([configuration, { config, chat_template }]) => {
      const tokenizer = new PreTrainedTokenizer(TOKENIZER, config);
      return Object.entries(conversations).map(([conversation, given]) => ({
        configuration,
        conversation,
        ...theirs(tokenizer, given, chat_template),
      }));
    },
  );
  const lines = (entries) => entries.map((entry) => JSON.stringify(entry)).join(',\n');
  const text = `{"configurations":${JSON.stringify(configurations)},\n"conversations":${JSON.stringify(conversations)},\n"cases":[\n${lines(cases)}\n]}\n`;
  writeFileSync(join(here, 'chat-goldens.json'), text);
}
