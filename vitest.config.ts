import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Workspace packages resolve to their sources, so that tests never run against a stale build.
const resolve = { conditions: ['source', 'node', 'import', 'default'] };
const ssr = { resolve: { conditions: ['source', 'node', 'import', 'default'] } };

// No test measures the machine, so files that run at the same time do not disturb each other. What bounds a wait is
// generous: it is there for a test that hangs, not for one that is slow.
const shared = {
  setupFiles: [fileURLToPath(new URL('test/support/patient-waits.ts', import.meta.url))],
  maxWorkers: 2,
  // Each file's modules anew took as long as half of the tests. What a file changes of the process it puts back.
  isolate: false,
};
// Tests against real processes wait for them more than they compute, so there are more at a time than cores.
const real = { ...shared, maxWorkers: 3, testTimeout: 180_000, hookTimeout: 300_000 };
const longer = [
  'packages/engine/test/bad-networks.integration.test.ts',
  'packages/engine/test/slow-uplink.integration.test.ts',
  'packages/engine/test/broadcast-model-long.integration.test.ts',
  'packages/engine/test/segments.integration.test.ts',
  'packages/engine/test/server-config.integration.test.ts',
  'packages/engine/test/sources/files-of-several-sizes.integration.test.ts',
  'packages/engine/test/sources/odd-files.integration.test.ts',
  'packages/engine/test/sources/playlist.integration.test.ts',
  'packages/engine/test/viewer-page.integration.test.ts',
  'packages/engine/test/viewer-player-page.integration.test.ts',
  'packages/engine/test/viewer-play-key.integration.test.ts',
  'packages/node-rtmp-client/test/package.integration.test.ts',
  'cli/test/address-forms.integration.test.ts',
  'cli/test/credentials.integration.test.ts',
  'cli/test/dev.integration.test.ts',
  'cli/test/device-vm.integration.test.ts',
  'cli/test/founding-story.integration.test.ts',
  'cli/test/others-publish.integration.test.ts',
  'cli/test/others-sent-on.integration.test.ts',
  'cli/test/publish-led.integration.test.ts',
  'cli/test/readers.integration.test.ts',
  'cli/test/recording-killed.integration.test.ts',
  'cli/test/serve-limits.integration.test.ts',
  'cli/test/serve-onwards.integration.test.ts',
  'packages/engine/test/viewer-playlist.integration.test.ts',
  'packages/engine/test/viewer-ways.integration.test.ts',
  'packages/engine/test/viewer-ways-long.integration.test.ts',
  'renderer/test/monitor-delay.integration.test.ts',
];

export default defineConfig({
  test: {
    projects: [
      {
        resolve,
        ssr,
        test: {
          ...shared,
          name: 'unit',
          include: [
            'packages/*/src/**/*.test.ts',
            'packages/*/test/**/*.unit.test.ts',
            'cli/src/**/*.test.ts',
            'electron/**/*.test.ts',
            'renderer/src/**/*.test.{ts,tsx}',
            'test/*.test.ts',
          ],
          ...{ testTimeout: 60_000, hookTimeout: 60_000 },
        },
      },
      {
        resolve,
        ssr,
        test: {
          ...real,
          // The library against real servers and processes.
          name: 'protocol',
          include: ['packages/node-rtmp-client/test/**/*.integration.test.ts'],
          exclude: longer,
        },
      },
      {
        resolve,
        ssr,
        test: {
          ...real,
          // Everything else against real servers, processes and browsers.
          name: 'integration',
          include: [
            'packages/{contract,engine}/test/**/*.integration.test.ts',
            'cli/test/**/*.integration.test.ts',
            'renderer/test/**/*.integration.test.ts',
          ],
          exclude: longer,
        },
      },
      {
        resolve,
        ssr,
        test: {
          ...real,
          // What takes minutes: `npm run test:all`.
          name: 'longer',
          include: longer,
        },
      },
    ],
  },
});
