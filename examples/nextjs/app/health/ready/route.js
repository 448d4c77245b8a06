import { embedder } from '@/service.js';

export const runtime = 'nodejs';
export const dynamic = 'force-dynamic';

export async function GET() {
  const service = await embedder();
  return Response.json(await service.health(), { status: service.ready() ? 200 : 503 });
}
