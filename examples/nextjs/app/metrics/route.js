import { toPrometheus } from 'infercore';
import { embedder } from '@/service.js';

export const runtime = 'nodejs';
export const dynamic = 'force-dynamic';

export async function GET() {
  const service = await embedder();
  const text = toPrometheus(await service.metrics(), { service: service.name });
  return new Response(text, { headers: { 'content-type': 'text/plain; version=0.0.4' } });
}
