import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostile } from '../browser/hostile.mjs';
import { modelBytes } from './models';

/** A server that answers as servers should not; in a page tests/browser/page/hostile_server.ts stands in for it. */
export async function hostileServer(): Promise<{ base: string; close(): void }> {
  const server = createServer(hostile(modelBytes('add')));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
