import { defineConfig } from '@playwright/test';

/** `npm run screenshots`: takes the pictures of the README anew, or with TALLYLIGHT_STATES=FOLDER those of every state of the window. */
export default defineConfig({
  testDir: '.',
  testMatch: process.env['TALLYLIGHT_STATES'] ? 'state-pictures.ts' : 'screenshots.ts',
  workers: 1,
  timeout: 120_000,
  reporter: 'list',
  outputDir: '../test-results',
});
