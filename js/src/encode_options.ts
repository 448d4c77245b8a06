import type { EncodeData, PaddingData, TruncationData } from './binding.js';
import { describe } from './describe.js';
import { InferError } from './error.js';
import { Faults, failureOf } from './fault.js';
import { expectKnown, isObject } from './option.js';
import type { TokenizerConfig } from './tokenizer_config.js';

export interface TruncationOptions {
  /** Special tokens counted. */
  maxLength: number;
  strategy?: 'longest_first' | 'only_first' | 'only_second';
  direction?: 'left' | 'right';
  /** How many tokens each overflowing part repeats of the one before. */
  stride?: number;
}
export interface PaddingOptions {
  /** Omitted: the longest of the batch. */
  length?: number;
  multipleOf?: number;
  direction?: 'left' | 'right';
  id?: number;
  typeId?: number;
  token?: string;
}
/** What is omitted is as the tokenizer's file says; what it leaves open, as tokenizer_config.json says. */
export interface EncodeOptions {
  /** A second text, for models that compare two. */
  pair?: string | null;
  /** Default true. */
  addSpecialTokens?: boolean;
  /** `true`: as the file says, or to the model's maximum where it says nothing; `false`: off. */
  truncation?: boolean | TruncationOptions;
  /** `true`: as the file says, or to the longest where it says nothing; `false`: off. */
  padding?: boolean | PaddingOptions;
}

const KNOWN = {
  options: ['addSpecialTokens', 'truncation', 'padding'],
  truncation: ['maxLength', 'strategy', 'direction', 'stride'],
  padding: ['length', 'multipleOf', 'direction', 'id', 'typeId', 'token'],
};

/** Collects all faults of one options object. */
class Checker extends Faults {
  constructor() {
    super('INVALID_OPTION');
  }
  expect(path: string, wanted: string, value: unknown, good: boolean): void {
    if (!good) this.add(path, `expected ${wanted} for ${path}, received ${describe(value)}`);
  }
  count(path: string, value: unknown): void {
    const good = Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 32;
    this.expect(path, 'a whole number ≥ 0', value, value === undefined || good);
  }
  oneOf(path: string, value: unknown, names: readonly string[]): void {
    const wanted = names.map((name) => `'${name}'`).join(' or ');
    this.expect(path, wanted, value, value === undefined || names.includes(value as string));
  }
  known(path: string, value: object, names: readonly string[]): void {
    expectKnown(path, Object.keys(value), names, this);
  }
  finish(): void {
    if (this.list.length === 0) return;
    throw new InferError(failureOf("the encoding options can't be used", this.list));
  }
}

/** What the tokenizer itself knows: the settings of its file, and the tokens that could pad. */
export interface FileSettings {
  readonly truncation: TruncationData | undefined;
  readonly padding: PaddingData | undefined;
  readonly config: Pick<TokenizerConfig, 'modelMaxLength' | 'paddingSide' | 'truncationSide'>;
  padToken(): { token: string; id: number | undefined }[];
}

/**
 * Checks the options and fills in the defaults. `own` are the names of others that the method reads itself.
 * @throws InferError INVALID_OPTION with all faults at once
 */
export function encodeData(
  given: EncodeOptions | null | undefined,
  own: readonly string[],
  file: FileSettings,
): EncodeData {
  const check = new Checker();
  check.expect('options', 'an object', given, given == null || isObject(given));
  const options = isObject(given) ? (given as EncodeOptions) : {};
  check.known('', options, [...own, ...KNOWN.options]);
  const { addSpecialTokens = true, truncation, padding } = options;
  check.expect(
    'addSpecialTokens',
    'true or false',
    addSpecialTokens,
    typeof addSpecialTokens === 'boolean',
  );
  const data = {
    addSpecialTokens,
    truncation: truncationData(check, truncation, file),
    padding: paddingData(check, padding, file),
  };
  check.finish();
  return data;
}

function truncationData(
  check: Checker,
  option: EncodeOptions['truncation'],
  file: FileSettings,
): TruncationData | null | undefined {
  if (option === undefined) return undefined;
  if (option === false) return null;
  const { modelMaxLength, truncationSide = 'right' } = file.config;
  if (option === true) {
    if (file.truncation) return undefined;
    const wanted = "{ maxLength } (the tokenizer's files name none)";
    check.expect('truncation', wanted, option, modelMaxLength !== undefined);
    const [strategy, direction] = ['longest_first', truncationSide] as const;
    return { maxLength: modelMaxLength ?? 0, strategy, direction, stride: 0 };
  }
  check.expect('truncation', 'true, false or an object', option, isObject(option));
  if (!isObject(option)) return undefined;
  const { maxLength, strategy = 'longest_first', direction = truncationSide, stride = 0 } = option;
  check.known('truncation.', option, KNOWN.truncation);
  check.count('truncation.maxLength', maxLength ?? null);
  check.oneOf('truncation.strategy', strategy, ['longest_first', 'only_first', 'only_second']);
  check.oneOf('truncation.direction', direction, ['left', 'right']);
  check.count('truncation.stride', stride);
  return { maxLength, strategy, direction, stride };
}

/** What the caller leaves out is as the file says, else as the vocabulary's padding token says. */
function paddingData(
  check: Checker,
  option: EncodeOptions['padding'],
  file: FileSettings,
): PaddingData | null | undefined {
  if (option === undefined) return undefined;
  if (option === false) return null;
  check.expect('padding', 'true, false or an object', option, option === true || isObject(option));
  const asked: PaddingOptions = isObject(option) ? option : {};
  check.known('padding.', asked, KNOWN.padding);
  check.count('padding.length', asked.length);
  check.count('padding.multipleOf', asked.multipleOf);
  check.oneOf('padding.direction', asked.direction, ['left', 'right']);
  check.count('padding.id', asked.id);
  check.count('padding.typeId', asked.typeId);
  const { token } = asked;
  check.expect(
    'padding.token',
    'a string',
    token,
    token === undefined || typeof token === 'string',
  );
  const base = file.padding ?? guessedPadding(file, asked);
  const wanted = "{ id, token } (the tokenizer's file and vocabulary name no padding)";
  check.expect('padding', wanted, 'neither', base !== undefined);
  return base && { ...base, ...withoutUndefined(asked) };
}

function guessedPadding(file: FileSettings, asked: PaddingOptions): PaddingData | undefined {
  const { paddingSide: direction = 'right' } = file.config;
  const base = { multipleOf: 0, direction, typeId: 0 };
  const { id, token = '[PAD]' } = asked;
  if (id !== undefined) return { ...base, id, token };
  const known = file.padToken().find((entry) => entry.id !== undefined);
  return known?.id === undefined ? undefined : { ...base, id: known.id, token: known.token };
}

/** An option that is there but undefined is one that was left out. */
function withoutUndefined<T extends object>(options: T): Partial<T> {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as Partial<T>;
}
