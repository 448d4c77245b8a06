import { pipeline } from '../../dist/esm/node.js';

const [, , folder, text] = process.argv;
const extract = await pipeline('feature-extraction', folder);
const { data } = await extract(text, { pooling: 'mean', normalize: false });
console.log(JSON.stringify(Array.from(data)));
