/** `infercore/bench` for Node. */
import './node_core.js';

export * from './bench_api.js';
