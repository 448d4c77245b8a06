/** `infercore/compat` for Node. */
import './node_core.js';

export * from './compat.js';
