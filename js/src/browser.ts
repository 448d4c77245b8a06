/** The entry point for pages (and for Node without the addon): the WebAssembly module, and onnxruntime-web. */
import './browser_core.js';
import { coreBinding } from './core.js';
import { provideRuntime } from './runtime.js';
import { WebRuntime } from './web_runtime.js';
import { inNode } from './web_surroundings.js';
import { featureExtractionInWorker } from './worker/worker_pipeline.js';
import { openSessionInWorker } from './worker/worker_session.js';
import { provideWorkers } from './workers.js';

provideRuntime(new WebRuntime(coreBinding));
// Node may have a Worker, which knows no addresses of pages.
if ('Worker' in globalThis && !inNode()) {
  provideWorkers({
    openSession: openSessionInWorker,
    featureExtraction: featureExtractionInWorker,
  });
}

export * from './api.js';
export { ort as default } from './default_export.js';
