import { defineConfig } from 'vitest/config';

// Workspace packages resolve to their sources, so that tests never run against a stale build.
const resolve = { conditions: ['source', 'node', 'import', 'default'] };
const ssr = { resolve: { conditions: ['source', 'node', 'import', 'default'] } };

export default defineConfig({
  test: {
    projects: [
      {
        resolve,
        ssr,
        test: {
          name: 'unit',
          include: [
            'packages/*/src/**/*.test.ts',
            'packages/*/test/**/*.unit.test.ts',
            'cli/src/**/*.test.ts',
            'electron/**/*.test.ts',
            'renderer/src/**/*.test.{ts,tsx}',
            'test/*.test.ts',
          ],
          testTimeout: 20_000,
        },
      },
      {
        resolve,
        ssr,
        test: {
          // Real servers and processes too, but no cameras and no clocks: two files at a time.
          name: 'protocol',
          include: ['packages/node-rtmp-client/test/**/*.integration.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        resolve,
        ssr,
        test: {
          // Real servers and processes: one file at a time, so that figures are not each other's noise.
          name: 'integration',
          include: [
            'packages/{contract,engine}/test/**/*.integration.test.ts',
            'cli/test/**/*.integration.test.ts',
            'renderer/test/**/*.integration.test.ts',
          ],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
