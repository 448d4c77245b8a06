/** A token beside the model's vocabulary, under the names of @huggingface/tokenizers. */
export class AddedToken {
  readonly content: string;
  readonly id: number;
  readonly single_word: boolean;
  readonly lstrip: boolean;
  readonly rstrip: boolean;
  readonly special: boolean;
  readonly normalized: boolean;

  constructor(config: AddedTokenConfig) {
    this.content = config.content;
    this.id = config.id;
    this.single_word = config.single_word ?? false;
    this.lstrip = config.lstrip ?? false;
    this.rstrip = config.rstrip ?? false;
    this.special = config.special ?? false;
    this.normalized = config.normalized ?? !this.special;
  }
}

export type AddedTokenConfig = Pick<AddedToken, 'content' | 'id'> &
  Partial<Omit<AddedToken, 'content' | 'id'>>;
