/** `infercore/tokenizer` for pages. */
import './browser_core.js';

export * from './tokenizer_api.js';
