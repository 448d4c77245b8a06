/**
 * Listens, from now until `signal`, for the page's Content-Security-Policy refusing a worker: the one who starts it only
 * hears that something failed.
 *
 * @returns asks what was refused; undefined where nothing was
 */
export function watchPolicy(signal: AbortSignal): () => string | undefined {
  let refused: string | undefined;
  const listener = ({ disposition, effectiveDirective }: SecurityPolicyViolationEvent): void => {
    if (disposition !== 'enforce' || effectiveDirective !== 'worker-src') return;
    refused = "the page's Content-Security-Policy forbids it: expected worker-src with 'self'";
  };
  // Of a page it comes by way of its document, in a worker at once.
  if ('addEventListener' in globalThis) {
    globalThis.addEventListener('securitypolicyviolation', listener as EventListener, { signal });
  }
  return () => refused;
}
