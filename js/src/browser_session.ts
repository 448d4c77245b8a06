/** Importing this makes onnxruntime-web what runs models, in workers where there are some. */
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
