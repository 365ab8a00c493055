import { afterAll, beforeAll, expect, test } from 'vitest';
import { BuiltInServer, createLogger } from '@tallylight/engine';
import { startSilentServer } from '../../test/support/fault-servers.js';
import { runCli } from './run-in-process.js';

// "check --publish --measure": what it says before anything is public, and what it comes to.

let server: BuiltInServer;
let url = '';
beforeAll(async () => {
  const listen = { host: '127.0.0.1', port: 0 };
  server = new BuiltInServer({ logger: createLogger({ level: 'silent' }) });
  const { rtmp } = await server.start({ rtmp: listen, http: listen });
  url = `rtmp://127.0.0.1:${rtmp.port}/live/show`;
});
afterAll(() => server.close());

test('a measurement is said to be public, and recommends 70 % of what arrives', async () => {
  const args = ['check', url, '--publish', '--measure', '5', '--json'];
  const { code, lines, stderr, summary } = await runCli(args);
  expect(code).toBe(0);
  expect(stderr).toContain('A black picture is sent now for 5 s: whoever watches can see it.');
  const phases = lines.filter(({ type }) => type === 'state').map(({ phase }) => phase);
  expect(phases.slice(-3)).toEqual(['publish', 'upload', 'stable']);
  const { upload } = summary as unknown as {
    upload: { bitrate: number; recommended: number; isRough: boolean };
  };
  expect(upload.isRough).toBe(false);
  expect(upload.recommended / upload.bitrate).toBeLessThanOrEqual(0.7);
  expect(upload.recommended / upload.bitrate).toBeGreaterThan(0.4);
  // Never more than its cap, whatever the machine can.
  expect(upload.bitrate).toBeLessThan(1.15 * 20_000_000);
});

test.each([
  [['--measure', '10'], '--measure works only with --publish.'],
  [['--publish', '--measure', '2'], '--measure'],
  [['--publish', '--measure', '600'], '--measure'],
  [['--publish', '--measure', 'x'], '--measure takes seconds'],
])('%j is refused before anything is connected to', async (options, why) => {
  const silent = await startSilentServer();
  const args = ['check', `rtmp://127.0.0.1:${silent.port}/live/show`, ...options];
  const { code, stderr } = await runCli(args);
  expect(code).toBe(2);
  expect(stderr).toContain(why);
  expect(silent.connections()).toBe(0);
  await silent.stop();
});
