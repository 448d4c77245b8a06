/** `infercore/compat` for pages. Constructors can't wait for the module, so whoever imports this does. */
import './browser_core.js';
import { loadCore } from './core.js';

await loadCore();

export * from './compat.js';
