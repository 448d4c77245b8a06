import type { EncodeOptions } from './encode_options.js';

/** A part of a message: text, an image, … Templates know which types there are. */
export interface ChatContent {
  readonly type: string;
  readonly text?: string;
  readonly [key: string]: unknown;
}
/** Templates read more than this of it: tool_calls, name, reasoning_content, … */
export interface ChatMessage {
  readonly role: string;
  readonly content?: string | readonly ChatContent[] | null;
  readonly [key: string]: unknown;
}
export interface ChatTemplateOptions extends Pick<EncodeOptions, 'truncation' | 'padding'> {
  /** Tokens (an Encoding) or, with `false`, the text. Default true. */
  tokenize?: boolean;
  /** Ends with what begins the model's answer. */
  addGenerationPrompt?: boolean;
  /** Ends with the last message, open, so that the model goes on with it. */
  continueFinalMessage?: boolean;
  /** JSON schemas of functions that the model may call. */
  tools?: readonly object[] | null;
  /** For models that answer from documents: `{ title, text }` each, for most. */
  documents?: readonly object[] | null;
  /** The name of one of the tokenizer's templates, or a template. Default: `tool_use` where there are tools and such a template, else `default`. */
  chatTemplate?: string | null;
  /** What the template knows beside: `{ enable_thinking: false }`, … */
  variables?: Readonly<Record<string, unknown>>;
}
