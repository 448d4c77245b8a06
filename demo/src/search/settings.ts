/** The panel «Run it on». */
import { byId, h } from '../dom.js';
import { counted } from '../format.js';
import { DEFAULTS, type Settings } from './engine.js';

/** More than this gains nothing in onnxruntime-web. */
const MOST_THREADS = 8;

const form = byId('settings', HTMLFormElement);
const threads = byId('threads', HTMLSelectElement);
const worker = byId('worker', HTMLInputElement);
const providers = [...form.querySelectorAll<HTMLInputElement>('input[name=provider]')];

export function settings(): Settings {
  return {
    provider: providers.find(({ checked }) => checked)?.value === 'webgpu' ? 'webgpu' : 'wasm',
    threads: Number(threads.value),
    worker: worker.checked,
  };
}

function offerThreads(chosen: number): void {
  const cores = Math.max(1, navigator.hardwareConcurrency);
  const most = crossOriginIsolated ? Math.min(cores, MOST_THREADS) : 1;
  const options = [h('option', { value: 0 }, 'Automatic')];
  for (let n = 1; n <= most; n++) options.push(h('option', { value: n }, counted(n, 'thread')));
  threads.replaceChildren(...options);
  threads.value = String(Math.min(chosen, most));
  byId('threads-note', HTMLParagraphElement).textContent = crossOriginIsolated
    ? `This computer has ${counted(cores, 'core')}.`
    : 'One only: this page is not cross-origin isolated.';
}

async function noteWebGpu(): Promise<void> {
  const note = byId('webgpu-note', HTMLElement);
  const { gpu } = navigator as { gpu?: { requestAdapter(): Promise<unknown> } };
  if (!gpu) {
    note.textContent = 'this browser does not offer it';
    return;
  }
  const adapter = await gpu.requestAdapter().catch(() => null);
  if (!adapter) note.textContent = 'this browser has it, but no adapter for it';
}

export function setUpSettings(kept: Settings | undefined, changed: () => void): void {
  const { provider, threads: count, worker: inWorker } = kept ?? DEFAULTS;
  for (const radio of providers) radio.checked = radio.value === provider;
  worker.checked = inWorker;
  offerThreads(count);
  void noteWebGpu();
  form.addEventListener('change', changed);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
  });
}
