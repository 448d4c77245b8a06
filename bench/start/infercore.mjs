import { pipeline } from '../../dist/esm/node.js';
import { answer } from './answer.mjs';

const [, , folder, text] = process.argv;
const extract = await pipeline('feature-extraction', folder);
const { data } = await extract(text, { pooling: 'mean', normalize: false });
answer(data);
