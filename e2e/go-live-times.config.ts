import { defineConfig } from '@playwright/test';

/** `npm run bench:go-live`: how long it takes from the click to the first media, measured on a quiet machine. */
export default defineConfig({
  testDir: '.',
  testMatch: 'go-live-times.ts',
  workers: 1,
  timeout: 900_000,
  expect: { timeout: 45_000 },
  reporter: 'list',
  outputDir: '../test-results',
});
