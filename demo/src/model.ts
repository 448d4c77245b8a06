/** Where the site's own files are, as whole addresses: a worker has another base than the page. */
import { env } from 'infercore';

export function siteFile(path: string): string {
  return new URL(path, document.baseURI).href;
}

export const MODEL = siteFile('models/default');

/** onnxruntime-web's files lie in the site too: nothing comes from a content network. */
export function useOwnRuntimeFiles(): void {
  env.wasm.wasmPaths = siteFile('ort/');
}
