import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  testIgnore: '*.longer.spec.ts',
  // No test measures the machine, so two at a time do not disturb each other.
  workers: 2,
  fullyParallel: true,
  retries: 0,
  // Generous: for a test that hangs, not for one that is slow.
  timeout: 180_000,
  expect: { timeout: 45_000 },
  // The report is for scripts/test.mjs, which says where it wants it.
  reporter: process.env['PLAYWRIGHT_JSON_OUTPUT_NAME'] ? [['list'], ['json']] : 'list',
  outputDir: '../test-results',
});
