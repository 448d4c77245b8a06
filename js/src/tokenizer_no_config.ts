import type { TokenizerConfig } from './tokenizer_config.js';

/** Where nothing stands beside a tokenizer's file. Apart from what reads such files: that few need. */
export const NO_CONFIG: TokenizerConfig = Object.freeze({
  specialTokens: Object.freeze({
    bosToken: undefined,
    eosToken: undefined,
    unkToken: undefined,
    sepToken: undefined,
    padToken: undefined,
    clsToken: undefined,
    maskToken: undefined,
    additional: Object.freeze([]),
  }),
  modelMaxLength: undefined,
  paddingSide: undefined,
  truncationSide: undefined,
  chatTemplates: Object.freeze({}),
});
