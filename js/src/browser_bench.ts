/** `infercore/bench` for pages. */
import './browser_core.js';

export * from './bench_api.js';
