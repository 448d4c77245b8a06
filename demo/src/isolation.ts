/**
 * Threads need a cross-origin isolated page, and that needs two headers. Where the host sends none, a service worker
 * adds them: registered at the first visit, in force after one reload.
 */
export type Isolation =
  | { readonly isolated: true; readonly by: 'host' | 'service worker' }
  | { readonly isolated: false; readonly reason: string }
  | { readonly isolated: false; readonly reloading: true };

/** Set while the one reload is under way, so that a page which stays as it is does not reload for ever. */
const RELOADED = 'infercore.reloaded';

export async function isolate(): Promise<Isolation> {
  if (crossOriginIsolated) {
    session((store) => {
      store.removeItem(RELOADED);
    });
    const controlled = 'serviceWorker' in navigator && navigator.serviceWorker.controller !== null;
    return { isolated: true, by: controlled ? 'service worker' : 'host' };
  }
  if (!isSecureContext) {
    return { isolated: false, reason: 'the page came over http; https or localhost is needed' };
  }
  if (!('serviceWorker' in navigator)) {
    return {
      isolated: false,
      reason: 'the host sends no headers, and there are no service workers',
    };
  }
  if (session((store) => store.getItem(RELOADED)) === '1') {
    session((store) => {
      store.removeItem(RELOADED);
    });
    return {
      isolated: false,
      reason: 'the service worker is there, but the browser still refuses',
    };
  }
  try {
    await registered();
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return { isolated: false, reason: `the service worker can’t be registered: ${words}` };
  }
  const kept = session((store) => {
    store.setItem(RELOADED, '1');
    return true;
  });
  if (kept !== true) return { isolated: false, reason: 'the browser forbids storage' };
  location.reload();
  return { isolated: false, reloading: true };
}

/** Resolves once a reload would go through the service worker. */
async function registered(): Promise<void> {
  const script = new URL('isolation-worker.js', document.baseURI);
  const registration = await navigator.serviceWorker.register(script, { updateViaCache: 'none' });
  const worker = registration.active ?? registration.waiting ?? registration.installing;
  if (!worker || worker.state === 'activated') return;
  await new Promise<void>((resolve, reject) => {
    worker.addEventListener('statechange', () => {
      if (worker.state === 'activated') resolve();
      if (worker.state === 'redundant') reject(new Error('it was replaced'));
    });
  });
}

function session<T>(use: (store: Storage) => T): T | undefined {
  try {
    return use(sessionStorage);
  } catch {
    return undefined;
  }
}
