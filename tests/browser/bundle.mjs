/** tests/common as one page can run it: what is Node's or Jest's there becomes what stands in page/. */
import { readdirSync, rmSync } from 'node:fs';
import { build } from 'esbuild';
import { at } from '../../scripts/lib/act.mjs';

/** Files that a page can not run at all, and why; single tests say so themselves (see tests/common/surroundings.ts). */
const LEFT_OUT = [
  { files: /_process\.test\.ts$/, why: 'it starts processes of Node' },
  {
    files: /^session_(callbacks|turns)\.test\.ts$/,
    why: "it looks at the runtime's calls, from below, through Node's modules",
  },
];
const reasonToLeaveOut = (file) => LEFT_OUT.find(({ files }) => files.test(file))?.why;

/** What a file of tests/common imports → what it gets in a page. */
const STAND_INS = {
  '@jest/globals': 'runner.ts',
  'node:fs': 'node.ts',
  'node:os': 'node.ts',
  'node:path': 'node.ts',
  './hostile_server': 'hostile_server.ts',
  infercore: 'infercore.ts',
};

const standIns = {
  name: 'stand-ins',
  setup({ onResolve }) {
    onResolve(
      { filter: /^(@jest\/globals|node:\w+|infercore(\/(compat|bench))?|\.\/hostile_server)$/ },
      (request) => {
        const { path, importer } = request;
        const file = STAND_INS[path];
        // The page's own modules take the library by the page's import map; of Node no more than the stand-ins is needed.
        if (!file || importer.startsWith(at('tests', 'browser'))) return { path, external: true };
        return { path: at('tests', 'browser', 'page', file) };
      },
    );
  },
};

/** Writes build/browser/behaviour/main.js and says what is not in it. */
export async function bundleBehaviour() {
  const outdir = at('build', 'browser', 'behaviour');
  rmSync(outdir, { recursive: true, force: true });
  const all = readdirSync(at('tests', 'common')).filter((name) => name.endsWith('.test.ts'));
  for (const name of all.filter(reasonToLeaveOut)) {
    console.log(`  left out  ${name}: ${reasonToLeaveOut(name)}`);
  }
  const files = all.filter((name) => !reasonToLeaveOut(name));
  const entries = files.map((name) => `${JSON.stringify(name)}: () => import('./common/${name}')`);
  await build({
    stdin: {
      contents: `import { start } from './browser/page/behaviour';\nawait start({ ${entries.join(', ')} });`,
      resolveDir: at('tests'),
      sourcefile: 'main.ts',
    },
    outdir,
    entryNames: 'main',
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    sourcemap: 'inline',
    define: { 'process.env.NODE_ENV': '"test"' },
    plugins: [standIns],
    logLevel: 'warning',
  });
}
