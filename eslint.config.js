import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import ts from 'typescript-eslint';

export default ts.config(
  { ignores: ['build/', 'tests/servers/build/', '**/dist/', '**/node_modules/'] },
  js.configs.recommended,
  {
    files: ['js/src/**/*.ts', 'tests/**/*.ts', 'demo/src/**/*.ts'],
    extends: [...ts.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './demo/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      // Numbers in messages are the point of them.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      // Callers write JavaScript: what the types exclude is checked at run time all the same.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs', '*.js', 'js/**/*.js'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'process',
          'console',
          'Buffer',
          'URL',
          'setTimeout',
          'clearTimeout',
          'setInterval',
          'clearInterval',
          'setImmediate',
          'performance',
          'fetch',
          'TextDecoder',
          'TextEncoder',
          'AbortController',
          'AbortSignal',
          'structuredClone',
          'globalThis',
          'require',
          'module',
          '__dirname',
        ].map((name) => [name, 'readonly']),
      ),
    },
  },
  {
    // Their functions run in pages.
    files: ['tests/browser/**/*.mjs'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'document',
          'navigator',
          'Document',
          'DataTransfer',
          'DragEvent',
          'GPU',
          'GPUAdapter',
          'GPUBufferUsage',
          'Navigator',
          'WebAssembly',
        ].map((name) => [name, 'readonly']),
      ),
    },
  },
  {
    files: ['demo/public/*.js'],
    languageOptions: {
      globals: Object.fromEntries(
        ['self', 'document', 'localStorage', 'fetch', 'Headers', 'Response', 'URL'].map((name) => [
          name,
          'readonly',
        ]),
      ),
    },
  },
  {
    files: ['examples/nextjs/**/*.js'],
    languageOptions: {
      globals: { process: 'readonly', console: 'readonly', Response: 'readonly' },
    },
  },
  {
    // Programs of pages.
    files: ['bench/*page/*.js'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          ...['URL', 'location', 'performance', 'setTimeout', 'PerformanceObserver', 'globalThis'],
          ...['document', 'fetch', 'TextDecoder', 'WebAssembly'],
        ].map((name) => [name, 'readonly']),
      ),
    },
  },
  prettier,
);
