import { encode } from 'gpt-tokenizer/encoding/o200k_base';

export const open = async () => ({ coldOnly: true, encode: (text) => encode(text) });
