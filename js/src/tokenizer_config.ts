/** tokenizer_config.json and special_tokens_map.json: what is known of a tokenizer beside its own file. */
import { describe } from './describe.js';
import { InferError } from './error.js';
import { failureOf, Faults } from './fault.js';
import type { Json } from './folder_file.js';
import { isObject } from './option.js';

/** Tokens by what they are for; undefined where the files name none. */
export interface SpecialTokens {
  readonly bosToken: string | undefined;
  readonly eosToken: string | undefined;
  readonly unkToken: string | undefined;
  readonly sepToken: string | undefined;
  readonly padToken: string | undefined;
  readonly clsToken: string | undefined;
  readonly maskToken: string | undefined;
  /** Those without a role of their own. */
  readonly additional: readonly string[];
}

/** What tokenizer_config.json and the files beside it say. */
export interface TokenizerConfig {
  readonly specialTokens: SpecialTokens;
  /** The most tokens that the model takes; undefined where the file says none, or 10³⁰ as it does for "no limit". */
  readonly modelMaxLength: number | undefined;
  readonly paddingSide: 'left' | 'right' | undefined;
  readonly truncationSide: 'left' | 'right' | undefined;
  /** Chat templates by name; one that has none is `default`. */
  readonly chatTemplates: Readonly<Record<string, string>>;
}

/** The roles, in the spelling of the files. */
export const ROLES = {
  bosToken: 'bos_token',
  eosToken: 'eos_token',
  unkToken: 'unk_token',
  sepToken: 'sep_token',
  padToken: 'pad_token',
  clsToken: 'cls_token',
  maskToken: 'mask_token',
} as const;
const NAMES = Object.entries(ROLES) as [keyof typeof ROLES, string][];

/** The files that it is made of, as they stand. */
export interface ConfigFiles {
  /** tokenizer_config.json */
  readonly config?: Json | undefined;
  /** special_tokens_map.json */
  readonly specialTokens?: Json | undefined;
  /** chat_template.jinja, or templates by name. It comes before what stands in `config`. */
  readonly chatTemplate?: string | Readonly<Record<string, string>> | undefined;
}

/** Tokenizers that say "no limit" say it with 10³⁰. */
const NO_LIMIT = 1e9;

/** A length that is one: a whole number that is no "no limit". */
export function isLength(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) > 0 && (value as number) < NO_LIMIT;
}

/** @throws InferError INVALID_INPUT with all faults at once */
export function readTokenizerConfig(files: ConfigFiles): TokenizerConfig {
  const faults = new Faults('INVALID_INPUT');
  const config = mergedConfig(files);
  const reader = new ConfigReader(config, faults);
  const specialTokens = Object.freeze({
    ...Object.fromEntries(NAMES.map(([role, name]) => [role, reader.token(name)])),
    additional: reader.additional(),
  }) as SpecialTokens;
  const result = {
    specialTokens,
    modelMaxLength: reader.length(),
    paddingSide: reader.side('padding_side'),
    truncationSide: reader.side('truncation_side'),
    chatTemplates: reader.templates(files.chatTemplate ?? config['chat_template']),
  };
  if (faults.list.length === 0) return Object.freeze(result);
  throw new InferError(failureOf("the tokenizer's configuration can't be used", faults.list));
}

/** tokenizer_config.json with what special_tokens_map.json says beside it. */
export function mergedConfig(files: ConfigFiles): Json {
  return { ...files.config, ...mapped(files) };
}

/**
 * transformers reads special_tokens_map.json for files of before added_tokens_decoder alone, and there it has the last
 * word.
 */
function mapped({ config, specialTokens }: ConfigFiles): Json {
  return isLegacy(config) ? { ...specialTokens } : {};
}

/** Does special_tokens_map.json matter beside this tokenizer_config.json? */
export function isLegacy(config: Json | undefined): boolean {
  return config?.['added_tokens_decoder'] === undefined;
}

class ConfigReader {
  constructor(
    private readonly config: Json,
    private readonly faults: Faults,
  ) {}

  #refuse(name: string, expected: string, value: unknown): void {
    const path = `config.${name}`;
    this.faults.add(path, `expected ${expected} for ${path}, received ${describe(value)}`);
  }

  token(name: string): string | undefined {
    const value = this.config[name] ?? undefined;
    const content = contentOf(value);
    if (content !== undefined || value === undefined) return content;
    this.#refuse(name, 'a token (text, or an object with its content)', value);
    return undefined;
  }

  /** Newer files have names for them, which matter to the programs that wrote them alone. */
  additional(): readonly string[] {
    const found: string[] = [];
    for (const name of ['additional_special_tokens', 'extra_special_tokens']) {
      const value = this.config[name] ?? [];
      const list: unknown[] | undefined = Array.isArray(value)
        ? value
        : isObject(value)
          ? Object.values(value)
          : undefined;
      const tokens = list?.map(contentOf);
      if (tokens?.every((token) => token !== undefined)) found.push(...tokens);
      else this.#refuse(name, 'a list of tokens', value);
    }
    return Object.freeze([...new Set(found)]);
  }

  length(): number | undefined {
    const value = this.config['model_max_length'] ?? undefined;
    if (value === undefined || isLength(value)) return value;
    if (typeof value === 'number') return undefined;
    this.#refuse('model_max_length', 'a number', value);
    return undefined;
  }

  side(name: string): 'left' | 'right' | undefined {
    const value = this.config[name] ?? undefined;
    if (value === undefined || value === 'left' || value === 'right') return value;
    this.#refuse(name, '"left" or "right"', value);
    return undefined;
  }

  /** A text, texts by name, or a list of names with texts. */
  templates(value: unknown): Readonly<Record<string, string>> {
    if (value === undefined || value === null) return {};
    if (typeof value === 'string') return Object.freeze({ default: value });
    const entries = Array.isArray(value)
      ? value.map((each: unknown) => (isObject(each) ? [each['name'], each['template']] : []))
      : Object.entries(isObject(value) ? value : { wrong: value });
    if (
      entries.every((each) => each.length === 2 && each.every((part) => typeof part === 'string'))
    ) {
      // What is looked up in it comes from callers: nothing is inherited.
      return Object.freeze(
        Object.assign(Object.create(null) as object, Object.fromEntries(entries)) as Record<
          string,
          string
        >,
      );
    }
    this.#refuse('chat_template', 'a template, or a list of { name, template }', value);
    return {};
  }
}

function contentOf(value: unknown): string | undefined {
  const content = isObject(value) ? value['content'] : value;
  return typeof content === 'string' ? content : undefined;
}
