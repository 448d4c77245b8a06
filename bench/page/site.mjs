/** Serves a page for each engine on the loopback address: bundled as a user would, compressed, isolated. */
import { cpSync, existsSync, readFileSync, statSync } from 'node:fs';
import { extname, join, normalize, sep } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { build } from 'esbuild';
import { at } from '../../scripts/lib/act.mjs';
import { ISOLATION, serveFolder } from '../../scripts/lib/static_server.mjs';
import { defaultModel, results } from '../lib/paths.mjs';

const TYPES = {
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.html': 'text/html; charset=utf-8',
};

/**
 * `bytes()`: what the server has sent so far, as it was sent: compressed, with headers, to pages and workers alike.
 *
 * @param {{untruncated: string}} files
 * @returns {Promise<{address: string, bytes: () => number, close: () => void}>}
 */
export async function openSite({ untruncated }) {
  await Promise.all(['infercore', 'transformers'].map(bundle));
  const places = [
    ['/app/', join(results, 'page')],
    ['/model/', defaultModel],
    ['/untruncated/', untruncated],
    ['/runtime/', at('node_modules', 'onnxruntime-web', 'dist')],
    ['/peer-runtime/', at('bench', 'node_modules', 'onnxruntime-web', 'dist')],
  ];
  const compressed = new Map();
  const connections = new Set();
  const bytes = () => [...connections].reduce((sum, { bytesWritten }) => sum + bytesWritten, 0);
  const answer = (request, response) => {
    connections.add(request.socket);
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const page = /^\/(\w+)\.html$/.exec(pathname);
    if (page) return send(response, '.html', Buffer.from(htmlOf(page[1])));
    const [prefix, folder] = places.find(([start]) => pathname.startsWith(start)) ?? [];
    const path = folder && normalize(join(folder, pathname.slice(prefix.length)));
    if (!path?.startsWith(folder + sep) || !existsSync(path) || !statSync(path).isFile()) {
      return false;
    }
    const extension = extname(path);
    if (!(extension in TYPES)) return send(response, extension, readFileSync(path));
    // As a web server that keeps what it has compressed: before it is measured, everything was asked for once.
    if (!compressed.has(path)) compressed.set(path, brotli(readFileSync(path)));
    return send(response, extension, compressed.get(path), { 'content-encoding': 'br' });
  };
  const server = await serveFolder({ folder: join(results, 'page'), headers: ISOLATION, answer });
  return { ...server, bytes };
}

function send(response, extension, bytes, more = {}) {
  response.writeHead(200, {
    ...more,
    'content-type': TYPES[extension] ?? 'application/octet-stream',
    'content-length': bytes.length,
  });
  response.end(bytes);
  return true;
}

const htmlOf = (engine) =>
  `<!doctype html><meta charset="utf-8"><title>${engine}</title><link rel="icon" href="data:,">` +
  `<script type="module" src="/app/${engine}/program.js"></script>`;

const brotli = (bytes) =>
  brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } });

async function bundle(engine) {
  const folder = join(results, 'page', engine);
  await build({
    absWorkingDir: at(),
    entryPoints: ['bench/page/program.js'],
    outdir: folder,
    alias: {
      engine: at('bench', 'page', `engine-${engine}.js`),
      ...(engine === 'infercore' ? { infercore: at('dist', 'esm', 'browser.js') } : {}),
    },
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    nodePaths: engine === 'transformers' ? [at('bench', 'node_modules')] : [],
    logLevel: 'error',
  });
  // What stands in the library as new URL(…, import.meta.url) lies beside the bundle.
  if (engine === 'infercore') {
    cpSync(at('dist', 'esm', 'wasm'), join(folder, 'wasm'), { recursive: true });
    if (existsSync(at('dist', 'esm', 'worker.js'))) await bundleWorker(folder);
  }
}

/** The worker's script, which a page starts by its address. */
function bundleWorker(folder) {
  return build({
    absWorkingDir: at(),
    entryPoints: [at('dist', 'esm', 'worker.js')],
    outdir: folder,
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    logLevel: 'error',
  });
}
