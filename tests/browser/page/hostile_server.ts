/** In a page: the server of the tests has the same answers below /hostile. */
export function hostileServer(): Promise<{ base: string; close(): void }> {
  return Promise.resolve({ base: `${location.origin}/hostile`, close: () => undefined });
}
