/** `infercore/bench` for Node. */
import './node_session.js';
import { nodeSurroundings } from './bench/node_surroundings.js';
import { provideSurroundings } from './bench/surroundings.js';

provideSurroundings(nodeSurroundings);

export * from './bench_api.js';
export * from './bench/index.js';
export { profileModel } from './bench/node_profile.js';
export type { ModelProfile, ProfileOptions } from './bench/node_profile.js';
