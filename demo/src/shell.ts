/** What every page does: the switch of colours, the line about threads in the footer. */
import { byId } from './dom.js';
import { isolate, type Isolation } from './isolation.js';

const KEY = 'infercore.scheme';
const root = document.documentElement;

function schemeNow(): 'light' | 'dark' {
  const { scheme } = root.dataset;
  if (scheme === 'light' || scheme === 'dark') return scheme;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

function setUpScheme(): void {
  const button = byId('scheme', HTMLButtonElement);
  const name = byId('scheme-name', HTMLSpanElement);
  const show = () => {
    const other = schemeNow() === 'dark' ? 'Light' : 'Dark';
    name.textContent = other;
    button.setAttribute('aria-label', `${other} colours`);
  };
  button.addEventListener('click', () => {
    root.dataset['scheme'] = schemeNow() === 'dark' ? 'light' : 'dark';
    try {
      localStorage.setItem(KEY, root.dataset['scheme']);
    } catch {
      // Storage can be forbidden: the choice holds for this page.
    }
    show();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', show);
  show();
}

function words(isolation: Isolation): string {
  if (isolation.isolated) {
    return isolation.by === 'host'
      ? 'Threads: yes, the host sends the headers.'
      : 'Threads: yes, a service worker adds the headers.';
  }
  return 'reloading' in isolation
    ? 'Threads: reloading once to allow them …'
    : `Threads: one only, because ${isolation.reason}.`;
}

/** Answers once it is settled whether this page can have threads. While the page reloads, it never does. */
export async function shell(): Promise<Isolation> {
  setUpScheme();
  const isolation = await isolate();
  byId('isolation', HTMLParagraphElement).textContent = words(isolation);
  if ('reloading' in isolation) await new Promise(() => undefined);
  return isolation;
}
