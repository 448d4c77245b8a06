/**
 * Makes the small models of the test-suite in build/test-models. Deterministic: files that are up to
 * date stay as they are.
 *
 *     node models/test-models/build.mjs
 */
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { writeOutput } from '../lib/output.mjs';
import { encoderModels } from './encoders.mjs';
import { operatorModels } from './operators.mjs';
import { taskModels } from './tasks.mjs';
import { weightModels } from './weights.mjs';

const kOutput = fileURLToPath(new URL('../../build/test-models/', import.meta.url));

const started = performance.now();
const files = [...operatorModels(), ...encoderModels(), ...taskModels(), ...weightModels()];
let bytes = 0;
for (const [path, content] of files) bytes += writeOutput(join(kOutput, path), content);
const seconds = ((performance.now() - started) / 1000).toFixed(2);
console.log(
  `test models: ${files.length} files, ${bytes} bytes in build/test-models, ${seconds} s`,
);
