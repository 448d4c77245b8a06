/** Conversations as models were trained to read them: the template of the model makes one text of the messages. */
import { RESERVED, render } from './bounded_jinja.js';
import type { ChatMessage, ChatTemplateOptions } from './chat.js';
import { describe, quoted } from './describe.js';
import { InferError } from './error.js';
import { failureOf, Faults } from './fault.js';
import { expectOptions, flag, isObject, object, suggestion, text, type Check } from './option.js';
import type { Encoding } from './encoding.js';
import type { Tokenizer } from './tokenizer.js';
import { ROLES, type TokenizerConfig } from './tokenizer_config.js';

const listOfObjects: Check = {
  expected: 'a list of objects, or null',
  test: (value) => value === null || (Array.isArray(value) && value.every(isObject)),
};
const anything: Check = { expected: 'anything', test: () => true };
const CHECKS: Readonly<Record<keyof ChatTemplateOptions, Check>> = {
  tokenize: flag,
  addGenerationPrompt: flag,
  continueFinalMessage: flag,
  tools: listOfObjects,
  documents: listOfObjects,
  chatTemplate: { ...text, test: (value) => value === null || text.test(value) },
  variables: object,
  // The tokenizer checks them.
  truncation: anything,
  padding: anything,
};

/** Tokenizer.applyChatTemplate. */
export function applyChatTemplate(
  tokenizer: Tokenizer,
  messages: readonly ChatMessage[],
  options: ChatTemplateOptions | undefined,
): string | Encoding {
  const text = renderChat(messages, options, tokenizer.config);
  const { tokenize, truncation, padding } = options ?? {};
  if (tokenize === false) return text;
  return tokenizer.encode(text, {
    addSpecialTokens: false, // the template has written them
    ...(truncation !== undefined && { truncation }),
    ...(padding !== undefined && { padding }),
  });
}

/**
 * The text of a conversation.
 *
 * @throws InferError INVALID_INPUT with all that is wrong with the messages; INVALID_OPTION; what the template says
 */
export function renderChat(
  messages: readonly ChatMessage[],
  options: ChatTemplateOptions | null | undefined,
  config: Pick<TokenizerConfig, 'specialTokens' | 'chatTemplates'>,
): string {
  expectOptions('options of applyChatTemplate', options, CHECKS);
  const asked = options ?? {};
  expectUsable(asked);
  const conversation = plainMessages(messages);
  const { name, template } = chosenTemplate(asked, config.chatTemplates);
  const given = {
    messages: conversation,
    add_generation_prompt: asked.addGenerationPrompt ?? false,
    tools: plainOption('tools', asked.tools ?? null),
    documents: plainOption('documents', asked.documents ?? null),
    ...tokensOf(config),
    ...(plainOption('variables', asked.variables ?? {}) as object),
  };
  if (!asked.continueFinalMessage) return render(template, name, given);
  mark(conversation.at(-1));
  return upToMark(render(template, name, given));
}

/** What only shows when options are seen together. */
function expectUsable(options: ChatTemplateOptions): void {
  const { tokenize, addGenerationPrompt, continueFinalMessage, variables } = options;
  const faults = new Faults('INVALID_OPTION');
  if (addGenerationPrompt && continueFinalMessage) {
    faults.add(
      'continueFinalMessage',
      'expected addGenerationPrompt or continueFinalMessage, received both: a message either begins or goes on',
    );
  }
  for (const name of Object.keys(variables ?? {}).filter((each) => RESERVED.includes(each))) {
    const path = `variables.${name}`;
    faults.add(path, `expected another name than ${quoted(name)} in variables: it is Jinja's own`);
  }
  for (const name of ['truncation', 'padding'] as const) {
    if (tokenize !== false || options[name] === undefined) continue;
    faults.add(name, `expected ${name} with tokens alone, received it with tokenize: false`);
  }
  if (faults.list.length === 0) return;
  throw new InferError(failureOf("the options of applyChatTemplate can't be used", faults.list));
}

type Plain = string | number | boolean | null | Plain[] | { [key: string]: Plain | undefined };

/** Copies of what is given: templates see plain data, whatever getters it has. */
class Copier {
  constructor(private readonly faults: Faults) {}

  copy(value: unknown, path: string, depth = 0): Plain | undefined {
    if (value === undefined || value === null) return value ?? null;
    if (['string', 'number', 'boolean'].includes(typeof value)) return value as Plain;
    if (typeof value !== 'object') {
      this.faults.add(path, `expected plain data for ${path}, received ${describe(value)}`);
      return null;
    }
    if (depth > DEEPEST) {
      this.faults.add(path.slice(0, 100), `expected at most ${DEEPEST} levels of plain data`);
      return null;
    }
    if (this.faults.full) return null;
    if (Array.isArray(value)) {
      return value.map((each, i) => this.copy(each, `${path}[${i}]`, depth + 1) ?? null);
    }
    // Images and sounds stand for themselves: templates ask for their type alone.
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer || value instanceof Blob)
      return {};
    const entries = Object.entries(value).map(([key, each]): [string, Plain | undefined] => [
      key,
      each === undefined ? undefined : this.copy(each, `${path}.${key}`, depth + 1),
    ]);
    return Object.fromEntries(entries);
  }
}
const DEEPEST = 100;

function plainOption(name: string, value: unknown): Plain | undefined {
  const faults = new Faults('INVALID_OPTION');
  const copy = new Copier(faults).copy(value, name);
  if (faults.list.length === 0) return copy;
  throw new InferError(failureOf(`${name} can't be used`, faults.list));
}

function plainMessages(messages: readonly ChatMessage[]): Record<string, Plain | undefined>[] {
  const faults = new Faults('INVALID_INPUT');
  const copier = new Copier(faults);
  const list: readonly unknown[] = Array.isArray(messages) ? messages : [];
  if (!Array.isArray(messages)) {
    faults.add('messages', `expected a list of messages, received ${describe(messages)}`);
  }
  const copies = list.map((message, i) => {
    const path = `messages[${i}]`;
    if (isObject(message) && typeof message['role'] === 'string') {
      return copier.copy(message, path) as Record<string, Plain | undefined>;
    }
    const received = isObject(message) ? `role ${describe(message['role'])}` : describe(message);
    faults.add(path, `expected { role, content } for ${path}, received ${received}`);
    return {};
  });
  if (faults.list.length === 0) return copies;
  throw new InferError(failureOf("the messages can't be used", faults.list));
}

/** Under the names that templates know; those that there are none of are left out. */
function tokensOf({ specialTokens }: Pick<TokenizerConfig, 'specialTokens'>): object {
  const roles = Object.entries(ROLES) as [keyof typeof ROLES, string][];
  const tokens = roles.flatMap(([role, name]) => {
    const token = specialTokens[role];
    return token ? [[name, token] as const] : [];
  });
  const { additional } = specialTokens;
  return {
    ...Object.fromEntries(tokens),
    ...(additional.length ? { additional_special_tokens: [...additional] } : {}),
  };
}

/** By its name, or as it stands in the option. */
export function chosenTemplate(
  { chatTemplate, tools }: Pick<ChatTemplateOptions, 'chatTemplate' | 'tools'>,
  templates: TokenizerConfig['chatTemplates'],
): { name: string; template: string } {
  const names = Object.keys(templates);
  const list = names.map(quoted).join(', ');
  const named = (name: string) => {
    const template = Object.hasOwn(templates, name) ? templates[name] : undefined;
    return template === undefined ? undefined : { name: quoted(name), template };
  };
  if (chatTemplate === undefined || chatTemplate === null) {
    const found = (tools ? named('tool_use') : undefined) ?? named('default');
    if (found) return found;
    throw new InferError({
      code: 'INVALID_OPTION',
      message: names.length
        ? `expected chatTemplate: the tokenizer has ${list} and none that is "default"`
        : 'expected chatTemplate: nothing of what the tokenizer was made of has one',
      hint: names.length
        ? 'give the name of one'
        : 'make the tokenizer of its folder: templates are in tokenizer_config.json, chat_template.jinja or chat_template.json',
    });
  }
  const found = named(chatTemplate);
  if (found) return found;
  if (/\{[{%#]/.test(chatTemplate)) return { name: 'of the options', template: chatTemplate };
  const meant = suggestion(chatTemplate, names);
  throw new InferError({
    code: 'INVALID_OPTION',
    message: `expected a template${list && ` or the name of one (${list})`} for chatTemplate, received ${describe(chatTemplate)}${meant}`,
  });
}

/** Ends the last message while a template writes it. The space tells whether the template trims messages. */
const MARK = 'CONTINUE_FINAL_MESSAGE_HERE';

/** In the copy that the template gets: what a message says may stand elsewhere in the text as well. */
function mark(message: Record<string, Plain | undefined> | undefined): void {
  const content = message?.['content'];
  const holders = Array.isArray(content) ? content.flatMap((part) => textHolder(part)) : [];
  const last = holders.at(-1);
  if (message && typeof content === 'string') message['content'] = `${content}${MARK} `;
  else if (last) last.text += `${MARK} `;
  else {
    throw new InferError({
      code: 'INVALID_INPUT',
      message: 'expected a last message with text for continueFinalMessage, received none',
    });
  }
}

function textHolder(part: Plain): { text: string }[] {
  return isObject(part) && typeof part['text'] === 'string' ? [part as { text: string }] : [];
}

/** What stands after the last message is cut off, as transformers does it. */
function upToMark(rendered: string): string {
  const end = rendered.lastIndexOf(MARK);
  if (end < 0) {
    throw new InferError({
      code: 'INVALID_INPUT',
      message:
        'expected the last message in the text that the template makes, for continueFinalMessage; it is not there',
      hint: 'the template changes it, or leaves it out: take tokenize: false and cut the text yourself',
    });
  }
  const open = rendered.slice(0, end);
  return rendered.startsWith(`${MARK} `, end) ? open : open.trimEnd();
}
