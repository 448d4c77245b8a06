/** What `infercore/tokenizer` exports: the part of the library that runs no model. */
export { InferError } from './error.js';
export type { ErrorCode, Fault } from './error.js';
export { Tokenizer } from './tokenizer.js';
export type {
  DecodeOptions,
  TextInput,
  TokenizerInfo,
  TokenizerOptions,
  TokenizerSource,
} from './tokenizer.js';
export type { TokenizerFileParts, TokenizerParts, VocabularyParts } from './tokenizer_parts.js';
export type { SpecialTokens, TokenizerConfig } from './tokenizer_config.js';
export type { ModelFiles } from './model_files.js';
export type { EncodeOptions, PaddingOptions, TruncationOptions } from './encode_options.js';
export type { AddedToken } from './added_token.js';
export type { ChatContent, ChatMessage, ChatTemplateOptions } from './chat.js';
export type { DecodeStream } from './decode_stream.js';
export type { TextPart, TextSplitOptions, TruncateOptions } from './token_budget.js';
export type { Encoding } from './encoding.js';
export type { EncodingBatch } from './encoding_batch.js';
export { env } from './core_settings.js';
export type { BuildPaths, CoreSettings } from './core_settings.js';
