import { encode } from 'gpt-tokenizer/encoding/o200k_base';

export const open = async () => ({ encode: (text) => encode(text) });
