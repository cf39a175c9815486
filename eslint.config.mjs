// @ts-check
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const root = import.meta.dirname;

/**
 * A fingerprint of all that a file can learn about the types of others: the declarations that `tsc -b` has written, and
 * the versions of the packages. As a part of the configuration it makes ESLint's cache forget every file when they change,
 * since ESLint looks for changes in the file itself only.
 */
function typesFingerprint() {
  const types = join(root, '.cache/types');
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  const declarations = existsSync(types) ? readdirSync(types, { recursive: true, encoding: 'utf8' }) : [];
  for (const name of declarations.filter((one) => one.endsWith('.d.ts') || one.endsWith('.d.mts')).sort())
    hash.update(name).update(readFileSync(join(types, name)));
  return hash.digest('hex');
}

export default defineConfig(
  { ignores: ['dist/**', 'node_modules/**', '.vscode-host/**', '.cache/**', 'artifacts/**'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-console': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['**/*.ts', '**/*.mjs'],
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      complexity: ['error', 15],
      'max-len': ['error', { code: 140, ignoreUrls: true }],
      'max-lines': ['error', 400],
      'max-statements-per-line': ['error', { max: 1 }],
    },
  },
  {
    // AssemblyScript has types of its own, which no rule knows.
    files: ['**/*.ts', '**/*.mjs'],
    ignores: ['src/kernel/**'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } },
    settings: { types: typesFingerprint() },
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-base-to-string': 'error',
      '@typescript-eslint/no-duplicate-type-constituents': 'error',
      // VS Code's promises are thenables.
      '@typescript-eslint/no-floating-promises': ['error', { checkThenables: true }],
      '@typescript-eslint/no-for-in-array': 'error',
      '@typescript-eslint/no-implied-eval': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/prefer-promise-reject-errors': 'error',
      '@typescript-eslint/restrict-plus-operands': 'error',
      '@typescript-eslint/return-await': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  { files: ['bench/**', 'test/**/*.mjs', 'samples/**', '*.mjs'], rules: { 'no-console': 'off' } },
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
