/** Serves a folder on this machine alone: for `npm run demo`, and for tests that look at a built site. */
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, sep } from 'node:path';
import { pipeline } from 'node:stream';

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/** What a page needs to share memory among threads. */
export const ISOLATION = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};

/**
 * @typedef {(request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse) => boolean} Answer
 *
 * @param {{folder: string, path?: string, port?: number, headers?: Record<string, string>, answer?: Answer}} settings
 *   path: below which the folder appears, default '/'; port: default one that is free; answer: is asked first and says
 *   whether it took the request
 * @returns {Promise<{address: string, close: () => void}>}
 */
export async function serveFolder({
  folder,
  path = '/',
  port = 0,
  headers = {},
  answer = () => false,
}) {
  const server = createServer((request, response) => {
    const [pathname] = request.url.split(/[?#]/, 1);
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    response.setHeader('cache-control', 'no-cache');
    if (answer(request, response)) return;
    const file = pathname.startsWith(path)
      ? fileAt(folder, pathname.slice(path.length))
      : undefined;
    if (file) send(file, request, response);
    else response.writeHead(404, { 'content-type': 'text/plain' }).end('there is no such page\n');
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    address: `http://localhost:${server.address().port}${path}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function fileAt(folder, pathname) {
  try {
    const name = decodeURIComponent(pathname);
    const path = join(folder, name.endsWith('/') || name === '' ? `${name}index.html` : name);
    const stats = path.startsWith(folder + sep) ? statSync(path) : undefined;
    return stats?.isFile() ? { path, stats } : undefined;
  } catch {
    return undefined; // no file there, something below a file, or no address at all
  }
}

function send({ path, stats }, request, response) {
  const tag = `"${stats.size}-${Math.round(stats.mtimeMs)}"`;
  if (request.headers['if-none-match'] === tag) return response.writeHead(304).end();
  response.writeHead(200, {
    'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
    'content-length': stats.size,
    etag: tag,
  });
  if (request.method === 'HEAD') return response.end();
  // A file that is taken away meanwhile ends its answer, not the server.
  pipeline(createReadStream(path), response, () => {});
}
