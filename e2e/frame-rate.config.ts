import { defineConfig } from '@playwright/test';

/** `npm run bench:frames`: how many of the possible frames arrive, measured on a machine that does nothing else. */
export default defineConfig({
  testDir: '.',
  testMatch: 'frame-rate.ts',
  workers: 1,
  timeout: 180_000,
  expect: { timeout: 45_000 },
  reporter: 'list',
  outputDir: '../test-results',
});
