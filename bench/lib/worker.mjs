/**
 * The program of a process that belongs to one engine alone: two copies of ONNX Runtime don't get along in one
 * process, and one engine's threads would disturb the other.
 *
 * It is told the scenario, the engine, the task and what to do (`check` or `measure`), answers once and ends.
 */
import { engineFile, scenarioFile } from './paths.mjs';

process.once('message', async ({ scenario: name, engine: file, options, task, act }) => {
  try {
    const scenario = await import(scenarioFile(name));
    const { open } = await import(engineFile(name, file));
    const engine = await open(task, options);
    answer({ value: await scenario[act](engine, task) });
  } catch (error) {
    answer({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
});

function answer(message) {
  process.send(message, () => process.exit());
}
