import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { selfSigned } from '../../packages/node-rtmp-client/test/support/certificate.js';
import { formsAt } from '../../test/support/address-forms.js';
import {
  startRecordingRtmpServer,
  type RecordingRtmpServer,
  type Told,
} from '../../test/support/recording-rtmp-server.js';
import { buildCli, killLeftovers, runCli, startCli } from './run-cli.js';

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
}, 60_000);
afterEach(killLeftovers);
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

const sorted = (told: readonly Told[]): string[] =>
  told.map(({ tcUrl, app, stream }) => `${tcUrl} | ${app} | ${stream}`).sort();

/** So many at a time that each is connected well within its deadline, however busy the machine. */
const batch = 10;

test.each([0, 1, 2, 3, 4])('publish tells each server what its address says (%i)', async (part) => {
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
  expect(code).toBe(6);
  const wanted = forms.map((form) => ({ ...form, command: 'publish' as const }));
  expect(sorted(told)).toEqual(sorted(wanted));
});

test('check --publish tells a server what an address says', async () => {
  const kinds = ['Facebook', 'Bilibili', 'SRS, both', 'MediaMTX', 'Adobe, instance', 'Chinese'];
  for (const form of formsAt(server).filter(({ name }) => kinds.includes(name))) {
    const checked = await runCli(['check', form.url, '--publish', '--json'], { env: trusting });
    expect(checked.summary).toMatchObject({ ok: true });
    const { app, tcUrl, stream } = form;
    expect(server.take()).toEqual([{ app, tcUrl, stream, command: 'publish' }]);
  }
});

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
  expect(played.stderr).toContain('Trying the application "a/b"');
});
