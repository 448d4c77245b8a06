import { basename, dirname } from 'node:path';
import { env, pipeline } from '@huggingface/transformers';
import { answer } from './answer.mjs';

const [, , folder, text] = process.argv;
env.allowRemoteModels = false;
env.localModelPath = `${dirname(folder)}/`;
const extract = await pipeline('feature-extraction', basename(folder), { dtype: 'fp32' });
const { data } = await extract(text, { pooling: 'mean' });
answer(data);
