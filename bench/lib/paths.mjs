/** Where a benchmark finds what it measures and where it leaves its results. */
import { at } from '../../scripts/lib/act.mjs';

export const library = at('dist', 'esm', 'node.js');
export const defaultModel = at('models', 'default-model');
export const benchEncoder = at('build', 'bench-models', 'minilm-l6-shaped', 'onnx', 'model.onnx');
export const identityModel = at('build', 'test-models', 'identity-float32.onnx');
export const results = at('build', 'bench');
export const page = at('docs', 'benchmarks.md');
export const scenarioFile = (scenario) => at('bench', scenario, 'scenario.mjs');
export const engineFile = (scenario, engine) => at('bench', scenario, `${engine}.mjs`);
