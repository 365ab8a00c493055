import { defineConfig } from '@playwright/test';

/** `npm run bench:delay`: how far behind the camera a player of the server is, measured on a quiet machine. */
export default defineConfig({
  testDir: '.',
  testMatch: 'player-delay.ts',
  workers: 1,
  timeout: 300_000,
  expect: { timeout: 45_000 },
  reporter: 'list',
  outputDir: '../test-results',
});
