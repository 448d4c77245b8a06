import { answerTo, embedder } from '@/service.js';

export const runtime = 'nodejs';

/** `{"texts": ["It rains."]}` to vectors. */
export async function POST(request) {
  const body = await request.json().catch(() => undefined);
  if (!body) return Response.json({ code: 'NOT_JSON' }, { status: 400 });
  try {
    const service = await embedder();
    const { dims, data } = await service.run(body.texts, { signal: request.signal });
    return Response.json({ dims, data: Array.from(data) });
  } catch (error) {
    return answerTo(error);
  }
}
