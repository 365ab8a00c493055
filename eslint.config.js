import eslint from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { noSentences } from './scripts/no-sentences.mjs';

const ipcModules = 'Raw IPC belongs in electron/ipc.ts, where every sender is checked.';

export default defineConfig(
  globalIgnores(['**/dist/', 'out/', 'release/', 'api-pages/', '**/node_modules/', 'docs/']),
  eslint.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Name what a file exports.' },
      ],
    },
  },
  {
    files: ['electron/**/*.ts'],
    ignores: [
      'electron/ipc.ts',
      'electron/preload.ts',
      'electron/**/*.test.ts',
      'electron/test/**',
    ],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [
            { name: 'electron', importNames: ['ipcMain', 'ipcRenderer'], message: ipcModules },
          ],
        },
      ],
    },
  },
  {
    files: ['renderer/**/*.tsx', 'renderer/**/*.ts'],
    plugins: { 'react-hooks': reactHooks },
    rules: reactHooks.configs.recommended.rules,
  },
  {
    files: [
      '{cli,renderer}/src/**/*.{ts,tsx}',
      'packages/{contract,engine,frame-grid}/src/**/*.ts',
      'packages/engine/assets/viewer/*.js',
      'electron/*.ts',
    ],
    ignores: [
      ...['**/*.test.ts', '**/*.test.tsx'],
      // A program for another process; it says nothing.
      'packages/engine/src/profiles/keyring-cipher.ts',
      // Programs for a page, whose words come from elsewhere.
      'packages/engine/src/server-config/player-scripts.ts',
    ],
    plugins: { tallylight: { rules: { 'no-sentences': noSentences } } },
    rules: { 'tallylight/no-sentences': 'error' },
  },
  {
    // The tools' own configuration files must have a default export.
    files: ['**/*.config.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    // Playwright reads what a fixture needs off a pattern, also where it needs nothing.
    files: ['e2e/**/*.ts'],
    rules: { 'no-empty-pattern': ['error', { allowObjectPatternsAsParameters: true }] },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        AbortSignal: 'readonly',
        Buffer: 'readonly',
        performance: 'readonly',
        URLSearchParams: 'readonly',
      },
    },
  },
);
