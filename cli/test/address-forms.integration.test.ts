import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { selfSigned } from '../../packages/node-rtmp-client/test/support/certificate.js';
import { formsAt } from '../../test/support/address-forms.js';
import { hasNginxRtmp, startNginxRtmp } from '../../test/support/nginx.js';
import {
  startRecordingRtmpServer,
  type RecordingRtmpServer,
  type Told,
} from '../../test/support/recording-rtmp-server.js';
import { buildCli, killLeftovers, runCli, runProcess, startCli } from './run-cli.js';

let server: RecordingRtmpServer;
let folder = '';
let trusting: NodeJS.ProcessEnv;

beforeAll(async () => {
  await buildCli();
  folder = await mkdtemp(join(tmpdir(), 'tallylight-addresses-'));
  const certificate = await selfSigned();
  const ca = join(folder, 'ca.pem');
  await writeFile(ca, certificate.cert);
  trusting = { NODE_EXTRA_CA_CERTS: ca };
  server = await startRecordingRtmpServer(certificate);
});
afterEach(killLeftovers);
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

const sorted = (told: readonly Told[]): string[] =>
  told.map(({ tcUrl, app, stream }) => `${tcUrl} | ${app} | ${stream}`).sort();

/** So many at a time that each is connected well within its deadline, however busy the machine. */
const batch = 10;
const parts = [0, 1, 2, 3, 4];

test.each(parts)('publish tells each server what its address says (%i)', async (part) => {
  const forms = formsAt(server).slice(part * batch, (part + 1) * batch);
  const publisher = startCli(
    [
      ...['publish', '--source', 'test', '--size', '160x90', '--json'],
      ...forms.flatMap(({ url }) => ['--to', url]),
    ],
    { env: trusting },
  );
  const told: Told[] = [];
  // Each tells of itself once, since none of them is refused.
  await publisher.line(() => {
    told.push(...server.take());
    return told.length >= forms.length;
  });
  publisher.child.kill('SIGINT');
  const { code } = await publisher.done;
  // A busy machine may not take leave of all of them in time; that is not the matter here.
  expect([6, 7]).toContain(code);
  const wanted = forms.map((form) => ({ ...form, command: 'publish' as const }));
  expect(sorted(told)).toEqual(sorted(wanted));
});

test.each(parts)('check --publish tells each server what its address says (%i)', async (part) => {
  const forms = formsAt(server).slice(part * batch, (part + 1) * batch);
  // Each waits for seconds whether it is kept, so they wait together.
  const checks = await Promise.all(
    forms.map(({ url }) => {
      const check = ['check', url, '--publish', '--json'];
      // Whom Node trusts is settled when it starts.
      return url.startsWith('rtmps:') ? runProcess(check, { env: trusting }) : runCli(check);
    }),
  );
  expect(checks.map(({ summary }) => summary)).toEqual(
    forms.map(() => expect.objectContaining({ ok: true }) as unknown),
  );
  const wanted = forms.map((form) => ({ ...form, command: 'publish' as const }));
  expect(sorted(server.take())).toEqual(sorted(wanted));
});

test.skipIf(!hasNginxRtmp())(
  'publish tries the other usual readings where a server refuses the first',
  async () => {
    const nginx = await startNginxRtmp();
    try {
      const published = await runCli([
        ...['publish', '--source', 'test', '--size', '160x90', '--duration', '1', '--json'],
        ...['--to', `${nginx.serverUrl}/a/b`],
      ]);
      expect(published.code).toBe(0);
      expect(published.summary).toMatchObject({
        destinations: [{ url: nginx.serverUrl, state: 'stopped' }],
      });
      expect(published.stderr).toContain(`refused that. Trying ${nginx.serverUrl}, and`);
      expect(published.stderr).toMatch(/✓ Application .* live$/m);
      expect(published.stderr).not.toContain('/a');
    } finally {
      await nginx.stop();
    }
  },
);

test('play names a stream by --app and --stream, or by the path behind the application', async () => {
  const base = `rtmp://${server.host}`;
  const told = { app: 'vod', tcUrl: `${base}/vod`, stream: 'a/b/c.mp4', command: 'play' };
  for (const args of [
    [`${base}/vod/a/b/c.mp4`, '--app', 'vod'],
    [base, '--app', 'vod', '--stream', 'a/b/c.mp4'],
    [`${base}/vod`, '--key', 'a/b/c.mp4'],
  ]) {
    await runCli(['play', ...args, '--json']);
    expect(server.take()).toEqual([told]);
  }
});

test('play tries the usual readings of an address in their order, and says so', async () => {
  const played = await runCli(['play', `rtmp://${server.host}/a/b/c/d`, '--lang', 'en']);
  expect(server.take().map(({ app, stream }) => `${app} | ${stream}`)).toEqual([
    ...['a/b/c | d', 'a/b | c/d', 'a | b/c/d'],
  ]);
  // What is behind the first part of the path may be the key.
  expect(played.stderr).toContain('Trying the application "a/***"');
  expect(played.stderr).not.toContain('a/b');
});
