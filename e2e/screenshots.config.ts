import { defineConfig } from '@playwright/test';

/** `npm run screenshots`: takes the pictures of the README anew, or with TALLYLIGHT_STATES=FOLDER every state of the window. */
export default defineConfig({
  testDir: '.',
  testMatch: process.env['TALLYLIGHT_STATES'] ? 'window-states.ts' : 'screenshots.ts',
  workers: 1,
  timeout: 120_000,
  reporter: 'list',
  outputDir: '../test-results',
});
