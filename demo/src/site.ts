/** Where the site's own files are, as whole addresses: a worker has another base than the page. */
export function siteFile(path: string): string {
  return new URL(path, document.baseURI).href;
}

export const MODEL = siteFile('models/default');
