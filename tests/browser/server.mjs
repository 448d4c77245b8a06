/**
 * The server of the tests in pages: the repository's files by their paths, on the loopback address alone.
 *
 *     const server = await serve({ isolated: true });
 *     await page.goto(`${server.address}tests/browser/page/empty.html`);
 *     server.requests;   // the paths that were asked for
 *     server.close();
 *
 * Two more things: what a model must not look like (`/hostile/…`, see hostile.mjs), and files for the tests that write
 * some (`POST /files`, see files.mjs).
 */
import { readFileSync } from 'node:fs';
import { at, root } from '../../scripts/lib/act.mjs';
import { ISOLATION, serveFolder } from '../../scripts/lib/static_server.mjs';
import { operate } from './files.mjs';
import { hostile } from './hostile.mjs';

/** No eval, nothing inline, nothing from elsewhere; WebAssembly may be compiled. */
const STRICT_POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";

/**
 * @typedef {object} Settings
 * @property {string} [folder] what to serve; default: the repository
 * @property {boolean} [isolated] send the headers that a page needs to share memory among threads
 * @property {boolean} [strict] send a strict Content-Security-Policy
 * @property {Record<string, string>} [headers] send these, too
 * @typedef {{address: string, requests: string[], close: () => void}} TestServer
 */

/** @param {Settings} [settings] @returns {Promise<TestServer>} */
export async function serve({ folder = root, isolated = false, strict = false, headers } = {}) {
  const requests = [];
  const answerHostile = hostile(readFileSync(at('build', 'test-models', 'add.onnx')));
  const server = await serveFolder({
    folder,
    headers: {
      ...(isolated ? ISOLATION : {}),
      ...(strict ? { 'content-security-policy': STRICT_POLICY } : {}),
      ...headers,
    },
    answer: (request, response) => {
      const path = request.url ?? '/';
      requests.push(path);
      if (path.startsWith('/hostile/')) {
        request.url = path.slice('/hostile'.length);
        answerHostile(request, response);
        return true;
      }
      if (path === '/favicon.ico') return Boolean(response.writeHead(204).end());
      if (path !== '/files') return false;
      void answerFiles(request, response);
      return true;
    },
  });
  return { ...server, requests };
}

async function answerFiles(request, response) {
  const parts = [];
  for await (const part of request) parts.push(part);
  const answer = operate(JSON.parse(Buffer.concat(parts).toString('utf8')));
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(answer));
}
