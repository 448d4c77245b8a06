import type { RequestListener } from 'node:http';

export function hostile(model: Uint8Array): RequestListener;
