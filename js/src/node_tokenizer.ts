/** `infercore/tokenizer` for Node. */
import './node_core.js';

export * from './tokenizer_api.js';
