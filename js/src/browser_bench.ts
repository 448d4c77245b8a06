/** `infercore/bench` for pages. */
import './browser_session.js';
import { pageSurroundings } from './bench/page_surroundings.js';
import { provideSurroundings } from './bench/surroundings.js';

provideSurroundings(pageSurroundings);

export * from './bench_api.js';
export * from './bench/index.js';
export { profileModel } from './bench/page_profile.js';
