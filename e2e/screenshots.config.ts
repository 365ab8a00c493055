import { defineConfig } from '@playwright/test';

/** `npm run screenshots`: takes the pictures of the README anew. */
export default defineConfig({
  testDir: '.',
  testMatch: 'screenshots.ts',
  workers: 1,
  timeout: 120_000,
  reporter: 'list',
  outputDir: '../test-results',
});
