import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', '.vscode-host/**', 'artifacts/**'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-console': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      eqeqeq: 'error',
      'max-lines': ['error', 400],
    },
  },
  { files: ['bench/**', 'test/**/*.mjs', '*.mjs'], rules: { 'no-console': 'off' } },
  {
    // The core runs in Node, in a worker and in the browser, so it may not reach for the world outside.
    files: ['src/core/**', 'src/export/**'],
    rules: { 'no-restricted-imports': ['error', { patterns: ['node:*', 'vscode', '**/host/**'] }] },
  },
  {
    files: ['webview/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [{ name: 'vscode', message: 'The page is not the extension host.' }],
          patterns: ['node:*', '**/host/**'],
        },
      ],
    },
  },
);
