import { ActError, runAct, say } from './lib/act.mjs';
import { buildSite, site } from './lib/site.mjs';
import { ISOLATION, serveFolder } from './lib/static_server.mjs';

await runAct(
  {
    name: 'demo',
    purpose:
      'Builds the demo site (demo/dist) with everything it is made of, and serves it on this machine:\n' +
      'semantic search, a tokenizer playground, and what the browser offers. The folder is static: it works below\n' +
      'any path and on hosts that set no headers, where a service worker makes threads possible.',
    options: {
      build: { type: 'boolean', help: 'only build the folder' },
      port: { type: 'string', help: 'of the server (default 4173)', default: '4173' },
    },
  },
  async ({ build: buildOnly = false, port }) => {
    if (!/^\d{1,5}$/.test(port) || Number(port) > 65535) {
      throw new ActError(`expected a port from 0 to 65535 for --port: ${port}`, 2);
    }
    await buildSite();
    say('built: demo/dist');
    if (buildOnly) return;
    const settings = { folder: site, port: Number(port), headers: ISOLATION };
    const { address } = await serveFolder(settings).catch((error) => {
      throw new ActError(`can't serve on port ${port}: ${error.message}\nTry --port 0`);
    });
    say(`open ${address}  (Ctrl+C ends it)`);
  },
);
