/** Where a benchmark finds what it measures and where it leaves its results. */
import { at } from '../../scripts/lib/act.mjs';

export const library = at('dist', 'esm', 'node.js');
export const defaultModel = at('models', 'default-model');
const benchModel = (name) => at('build', 'bench-models', name, 'onnx', 'model.onnx');
export const benchEncoder = benchModel('minilm-l6-shaped');
/** Made where a scenario's `benchModels` ask for it. */
export const largeEncoder = benchModel('bert-base-shaped');
export const identityModel = at('build', 'test-models', 'identity-float32.onnx');
export const results = at('build', 'bench');
export const page = at('docs', 'benchmarks.md');
export const scenarioFile = (scenario) => at('bench', scenario, 'scenario.mjs');
export const engineFile = (scenario, engine) => at('bench', scenario, `${engine}.mjs`);
