import { createRequire } from 'node:module';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { meanOfRows } from '../lib/vectors.mjs';
import { answer } from './answer.mjs';

const { Tokenizer } = createRequire(import.meta.url)('@anush008/tokenizers');

const [, , folder, text] = process.argv;
const tokenizer = Tokenizer.fromFile(join(folder, 'tokenizer.json'));
const session = await InferenceSession.create(join(folder, 'onnx', 'model.onnx'));
const ids = BigInt64Array.from((await tokenizer.encode(text)).getIds(), BigInt);
const dims = [1, ids.length];
const { last_hidden_state: hidden } = await session.run(
  {
    input_ids: new Tensor('int64', ids, dims),
    attention_mask: new Tensor('int64', new BigInt64Array(ids.length).fill(1n), dims),
  },
  ['last_hidden_state'],
);
answer(meanOfRows(hidden.data, hidden.dims[2]));
