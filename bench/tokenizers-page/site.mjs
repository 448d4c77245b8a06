/** Serves a page for each engine on the loopback address, bundled as a user would. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { at } from '../../scripts/lib/act.mjs';
import { ISOLATION, serveFolder } from '../../scripts/lib/static_server.mjs';
import { results } from '../lib/paths.mjs';

/** @param {string[]} engines @returns {Promise<{address: string, close: () => void}>} */
export async function openSite(engines) {
  await Promise.all(engines.map(bundle));
  const folder = join(results, 'tokenizers-page');
  cpSync(join(results, 'tokenizers'), join(folder, 'file'), { recursive: true });
  const answer = (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const engine = /^\/([\w-]+)\.html$/.exec(pathname)?.[1];
    if (!engine) return false;
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(
      `<!doctype html><title>${engine}</title><link rel="icon" href="data:,">` +
        `<script type="module" src="/${engine}/program.js"></script>`,
    );
    return true;
  };
  return serveFolder({ folder, headers: ISOLATION, answer });
}

async function bundle(engine) {
  const outdir = join(results, 'tokenizers-page', engine);
  await build({
    absWorkingDir: at(),
    entryPoints: ['bench/tokenizers-page/program.js'],
    outdir,
    alias: {
      engine: at('bench', 'tokenizers-page', `engine-${engine}.js`),
      infercore: at('dist', 'esm', 'browser_tokenizer.js'),
    },
    loader: { '.wasm': 'binary' },
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    nodePaths: [at('bench', 'node_modules')],
    logLevel: 'error',
  });
  if (engine === 'web-tokenizers') {
    const lib = at('bench', 'node_modules', '@mlc-ai', 'web-tokenizers', 'lib');
    cpSync(join(lib, 'index.js'), join(outdir, 'index.js'));
  }
  // What stands in the library as new URL(…, import.meta.url) lies beside the bundle.
  if (engine === 'infercore') {
    cpSync(at('dist', 'esm', 'wasm'), join(outdir, 'wasm'), { recursive: true });
  }
}
