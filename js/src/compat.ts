/**
 * What `infercore/compat` exports: the shapes of @huggingface/tokenizers and of transformers.js's tokenizers, for programs
 * that change their import and nothing else. docs/drop-in.md lists each member.
 */
export { AddedToken } from './compat_added_token.js';
export type { AddedTokenConfig } from './compat_added_token.js';
export { Tensor } from './compat_tensor.js';
export { Tokenizer } from './compat_tokenizer.js';
export type {
  DecodeOptions,
  EncodeOptions,
  Encoding,
  TokenizeOptions,
} from './compat_tokenizer.js';
export { AutoTokenizer, PreTrainedTokenizer } from './compat_pretrained.js';
export type {
  ApplyChatTemplateOptions,
  ApplyChatTemplateReturn,
  BatchEncoding,
  PretrainedOptions,
  PreTrainedTokenizerCallback,
  TokenizerCallOptions,
} from './compat_pretrained.js';
export type { ChatContent, ChatMessage } from './chat.js';
export { InferError } from './error.js';
export { env } from './core_settings.js';
