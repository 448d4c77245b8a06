/** Where the models of the tests are: `npm test` makes them before it starts. */
export const testModel = (name: string): string => `build/test-models/${name}`;
export const defaultModel = 'models/default-model';
