/** Next.js calls it when the server starts, and waits for it before the first request. */
export async function register() {
  if (process.env.NEXT_RUNTIME === 'nodejs') {
    const { embedder } = await import('@/service.js');
    await embedder();
  }
}
