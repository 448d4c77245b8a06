/**
 * A Unigram tokenizer of a few hundred pieces with BERT's special tokens: letters, digits, signs and
 * some English words. Text is put between [CLS] and [SEP].
 */
const kSpecial = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];
const kWords =
  'the of and to a in that is was he for it with as his on be at by I this had not are but from ' +
  'or have an they which one you were all her she there would their we him been has when who will ' +
  'no more if out so up said what its about than into them can only other time new some could ' +
  'these two may first then do any like my now over such our man me even most made after also did ' +
  'many off before must well back through years where much your way down should because long each ' +
  'just state those people too mister how little good world make very year still see own work men ' +
  'day get here old life both between being under three never know same last another while us ' +
  'might great go come since against right came take used himself few house American use place ' +
  'during high without again home around small however found Hello hello cat dog sat mat red blue ' +
  'whale sea ship captain';
const kSuffixes = ['s', 'ed', 'ing', 'er', 'est', 'ly', 'tion', 'ness', 'able', 'un', 're', 'th'];
const kSigns = '.,;:!?\'"()[]{}-–—_/\\@#$%&*+=<>^~`|';
const kLetters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const kDigits = '0123456789';

/** @returns {[piece: string, score: number][]} ids are the indexes */
export function tinyVocabulary() {
  const words = [...new Set(kWords.split(' '))].map((word) => `▁${word}`);
  // A single letter after "▁" is also a word: "▁a" and "▁I" stand once, as words.
  const singles = ['▁', ...kLetters, ...kDigits, ...kSigns];
  const suffixes = kSuffixes.filter((suffix) => !singles.includes(suffix));
  return [
    ...kSpecial.map((token) => /** @type {[string, number]} */ ([token, 0])),
    // More frequent words cost less; any word costs less than its letters.
    ...words.map((word, rank) => /** @type {[string, number]} */ ([word, -3 - rank / 64])),
    ...suffixes.map((piece, rank) => /** @type {[string, number]} */ ([piece, -6 - rank / 64])),
    ...singles.map((piece, rank) => /** @type {[string, number]} */ ([piece, -8 - rank / 64])),
  ];
}

/** @param {number} maxTokens @returns {object} `tokenizer.json` */
export function tinyTokenizer(maxTokens) {
  const id = Object.fromEntries(kSpecial.map((token, index) => [token, index]));
  const metaspace = { type: 'Metaspace', replacement: '▁', split: true };
  /** @param {string} token @param {number} type */
  const special = (token, type) => ({ SpecialToken: { id: token, type_id: type } });
  /** @param {'A' | 'B'} name @param {number} type */
  const text = (name, type) => ({ Sequence: { id: name, type_id: type } });
  return {
    version: '1.0',
    truncation: { direction: 'Right', max_length: maxTokens, strategy: 'LongestFirst', stride: 0 },
    padding: {
      strategy: 'BatchLongest',
      direction: 'Right',
      pad_to_multiple_of: null,
      pad_id: id['[PAD]'],
      pad_type_id: 0,
      pad_token: '[PAD]',
    },
    added_tokens: kSpecial.map((content) => ({
      id: id[content],
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'NFKC' },
        { type: 'Prepend', prepend: '▁' },
        { type: 'Replace', pattern: { String: ' ' }, content: '▁' },
      ],
    },
    pre_tokenizer: { ...metaspace, prepend_scheme: 'never' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [special('[CLS]', 0), text('A', 0), special('[SEP]', 0)],
      pair: [
        special('[CLS]', 0),
        text('A', 0),
        special('[SEP]', 0),
        text('B', 1),
        special('[SEP]', 1),
      ],
      special_tokens: Object.fromEntries(
        ['[CLS]', '[SEP]'].map((token) => [
          token,
          { id: token, ids: [id[token]], tokens: [token] },
        ]),
      ),
    },
    decoder: { ...metaspace, prepend_scheme: 'always' },
    model: { type: 'Unigram', unk_id: id['[UNK]'], vocab: tinyVocabulary(), byte_fallback: false },
  };
}

/** @param {number} maxTokens @returns {Map<string, object>} all files of the tokenizer, by path */
export function tinyTokenizerFiles(maxTokens) {
  const tokens = {
    unk_token: '[UNK]',
    pad_token: '[PAD]',
    cls_token: '[CLS]',
    sep_token: '[SEP]',
    mask_token: '[MASK]',
  };
  return new Map([
    ['tokenizer.json', tinyTokenizer(maxTokens)],
    ['special_tokens_map.json', tokens],
    [
      'tokenizer_config.json',
      {
        tokenizer_class: 'BertTokenizer',
        model_max_length: maxTokens,
        model_input_names: ['input_ids', 'token_type_ids', 'attention_mask'],
        ...tokens,
      },
    ],
  ]);
}
