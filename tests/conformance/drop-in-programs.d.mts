/** What is called on either package: the programs speak the shapes that both have. */
export type Api = Record<string, unknown>;
export interface ModelFile {
  tokenizer: object;
  config: object;
  /** Where these two are. */
  folder: string;
}
export type Program = (api: Api, file: ModelFile) => unknown;
export const tokenizers: Record<string, Program>;
export const transformers: Record<string, Program>;
export function answerOf(program: Program, api: Api, file: ModelFile): Promise<unknown>;
