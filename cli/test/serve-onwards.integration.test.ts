import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { selfSigned } from '../../packages/node-rtmp-client/test/support/certificate.js';
import { countFrames, decodeErrors, hashedPackets } from '../../test/support/media.js';
import { hasNginxRtmp, startNginxRtmp } from '../../test/support/nginx.js';
import { until } from '../../test/support/until.js';
import { buildCli, killLeftovers, runCli, startCli } from './run-cli.js';

const run = promisify(execFile);
const loopback = ['--rtmp', '127.0.0.1:0', '--http', '127.0.0.1:0'];
let folder = '';
let source = '';

beforeAll(buildCli);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallylight-onwards-'));
  source = join(folder, 'source.flv');
  await run('ffmpeg', [
    ...['-v', 'error', '-nostdin', '-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=25:duration=3'],
    ...['-f', 'lavfi', '-i', 'sine=sample_rate=48000:duration=3', '-c:a', 'aac'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-pix_fmt', 'yuv420p', source],
  ]);
});
afterEach(async () => {
  killLeftovers();
  await rm(folder, { recursive: true, force: true });
});

const publish = (url: string): Promise<unknown> =>
  run('ffmpeg', [
    ...['-v', 'error', '-nostdin', '-re', '-i', source, '-c', 'copy', '-f', 'flv', url],
  ]);

describe.skipIf(!hasNginxRtmp())('to nginx-rtmp (needs nginx)', () => {
  test('serve hands a stream on under its name and under a key, and records it', async () => {
    const nginx = await startNginxRtmp();
    try {
      const server = startCli([
        ...['serve', ...loopback, '--json', '--record', folder],
        ...['--push', nginx.serverUrl, '--push', `${nginx.serverUrl}/other-key`],
      ]);
      const { rtmp } = await server.line(({ state }) => state === 'listening');
      await publish(`${String(rtmp)}/studio/one`);
      const handedOn = [await nginx.recording('one'), await nginx.recording('other-key')];
      server.child.kill('SIGTERM');
      const { stderr, stdout } = await server.done;
      expect(stdout + stderr).not.toContain('other-key');
      const [recorded = '', ...others] = (await readdir(folder)).filter((name) =>
        name.startsWith('studio-one-'),
      );
      expect(recorded).toMatch(/^studio-one-\d{4}-\d\d-\d\d-\d{6}\.flv$/);
      expect(others).toEqual([]);
      const sent = await hashedPackets(source, 'v:0');
      for (const file of [...handedOn, join(folder, recorded)]) {
        expect(await decodeErrors(file)).toBe('');
        expect(await countFrames(file)).toBe(75);
        const received = await hashedPackets(file, 'v:0');
        expect(received.map(({ hash }) => hash)).toEqual(sent.map(({ hash }) => hash));
      }
    } finally {
      await nginx.stop();
    }
  });

  test('a server that is not there at first is tried again', async () => {
    const nginx = await startNginxRtmp();
    const { serverUrl } = nginx;
    nginx.standStill();
    try {
      const server = startCli(['serve', ...loopback, '--json', '--push', serverUrl]);
      const { rtmp } = await server.line(({ state }) => state === 'listening');
      const published = publish(`${String(rtmp)}/live/late`);
      await server.line(({ state }) => state === 'published');
      nginx.goOn();
      await published;
      expect(await countFrames(await nginx.recording('late'))).toBeGreaterThan(0);
      server.child.kill('SIGTERM');
      expect((await server.done).code).toBe(6);
    } finally {
      nginx.goOn();
      await nginx.stop();
    }
  });
});

test('with a certificate it speaks RTMPS and HTTPS, and nothing else', async () => {
  const pair = await selfSigned();
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  await writeFile(cert, pair.cert);
  await writeFile(key, pair.key);
  const tls = ['--tls-cert', cert, '--tls-key', key];
  const server = startCli(['serve', ...loopback, ...tls, '--json']);
  const { rtmp, http } = await server.line(({ state }) => state === 'listening');
  expect(String(rtmp)).toMatch(/^rtmps:/);
  expect(String(http)).toMatch(/^https:/);
  const published = publish(`${String(rtmp)}/live/one`);
  await server.line(({ state }) => state === 'published');
  const base = String(http);
  await until('a segment', async () => {
    const { stdout } = await run('curl', ['-sk', `${base}live/one/index.m3u8`]);
    return stdout.includes('#EXT-X-STREAM-INF');
  });
  const { stdout } = await run('curl', ['-sk', `${base}api/streams`]);
  expect(stdout).toContain('"name":"one"');
  await published;
  await expect(fetch(base.replace('https:', 'http:'))).rejects.toThrow();
  server.child.kill('SIGTERM');
  await server.done;
});

test.each([
  { args: ['--tls-cert', 'x.pem'], says: 'go together' },
  { args: ['--tls-cert', '/nowhere/a', '--tls-key', '/nowhere/b'], says: '/nowhere/a' },
  { args: ['--tls-cert', '/etc/hostname', '--tls-key', '/etc/hostname'], says: 'no certificate' },
  {
    args: ['--record', '/tmp/not-there'],
    says: '/tmp/not-there cannot be written: there is no such folder.',
  },
  { args: ['--record', '/etc/hostname'], says: 'it is a file, not a folder' },
  { args: ['--push', 'http://example.org/live'], says: 'example.org' },
])('serve refuses $args', async ({ args, says }) => {
  const { code, stderr } = await runCli(['serve', ...loopback, ...args]);
  expect(stderr).toContain(says);
  expect(code).toBe(2);
});
