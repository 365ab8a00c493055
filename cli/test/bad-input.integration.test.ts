import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startHttpServer, startSilentServer } from '../../test/support/fault-servers.js';
import { freePort } from '../../test/support/free-port.js';
import { hasNginxRtmp, startNginxRtmp } from '../../test/support/nginx.js';
import { commandLines } from '../../test/support/processes.js';
import { until } from '../../test/support/until.js';
import { buildCli, killLeftovers, runCli, runProcess } from './run-cli.js';

// Each failure has a code, a sentence, a remedy and an exit code of its own, within 15 s, and leaves nothing running.

const key = 'bad-input-s3cret';
const deadlineMs = 15_000;
/** What a command takes here and now that only starts and ends: a busy machine's share in what is measured. */
let startMs = 0;
let folder = '';

afterEach(killLeftovers);
beforeAll(async () => {
  await buildCli();
  folder = await mkdtemp(join(tmpdir(), 'tallylight-bad-'));
  startMs = (await runProcess(['--version'])).elapsedMs;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Expected {
  readonly code: string;
  readonly exit: number;
  readonly says: RegExp;
}

async function expectFailure(
  args: readonly string[],
  { code, exit, says }: Expected,
  { env, run = runCli }: { readonly env?: NodeJS.ProcessEnv; readonly run?: typeof runCli } = {},
): Promise<void> {
  const words = ['publish', '--json', '--size', '320x180', ...args];
  const result = await run(words, env && { env });
  const context = `${result.stdout}\n${result.stderr}`;
  expect(result.summary, context).toMatchObject({ type: 'summary', lastError: { code } });
  expect(result.summary.lastError?.message).toMatch(says);
  expect(result.summary.lastError?.remedy).not.toBe('');
  expect(result.lines.filter(({ type }) => type === 'error').length, context).toBeGreaterThan(0);
  expect(result.stderr).toMatch(says);
  expect(result.code, context).toBe(exit);
  expect(result.elapsedMs).toBeLessThan(deadlineMs + 5 * startMs);
  expect(context).not.toContain(key);
  expect(await ownFfmpegs()).toEqual([]);
}

/** An odd figure that ends up in the arguments of our ffmpeg and nobody else's, another run's neither. */
const marker = String(400_000 + (process.pid % 100_000));
const ownFfmpegs = async (): Promise<string[]> =>
  (await commandLines()).filter((line) => line.includes(marker) && !line.includes('tallylight.js'));
const testSource = ['--source', 'test', '--video-bitrate', marker];

test('a wrong URL', () =>
  expectFailure(
    [...testSource, '--to', `http://127.0.0.1/live/${key}`],
    { code: 'INVALID_URL', exit: 2, says: /is not an RTMP address/ },
    { run: runProcess },
  ));

test('no such host', () =>
  expectFailure([...testSource, '--to', `rtmp://no-such-host.invalid/live/${key}`], {
    ...{ code: 'HOST_NOT_FOUND', exit: 3, says: /No server named "no-such-host\.invalid"/ },
  }));

test('a refused port', async () => {
  const port = await freePort();
  await expectFailure([...testSource, '--to', `rtmp://127.0.0.1:${port}/live/${key}`], {
    ...{ code: 'CONNECTION_REFUSED', exit: 3, says: new RegExp(`refused .* port ${port}`) },
  });
});

test('a TCP server that never answers', async () => {
  const server = await startSilentServer();
  try {
    const failing = expectFailure(
      [...testSource, '--to', `rtmp://127.0.0.1:${server.port}/live/${key}`],
      { code: 'SERVER_SILENT', exit: 3, says: /did not answer/ },
      { run: runProcess },
    );
    // That there is something to leave behind, and that we would see it.
    await until('ffmpeg to run meanwhile', async () => (await ownFfmpegs()).length > 0);
    await failing;
  } finally {
    await server.stop();
  }
});

test('an HTTP server on the port', async () => {
  const server = await startHttpServer();
  try {
    await expectFailure([...testSource, '--to', `rtmp://127.0.0.1:${server.port}/live/${key}`], {
      ...{ code: 'NOT_RTMP', exit: 3, says: /does not speak RTMP/ },
    });
  } finally {
    await server.stop();
  }
});

test('what answers instead of an RTMP server is said in Chinese, too', async () => {
  const server = await startHttpServer();
  try {
    const url = `rtmp://127.0.0.1:${server.port}`;
    const { stderr, stdout, code } = await runCli(['--lang', 'zh-CN', 'check', url]);
    expect(code, stderr).toBe(3);
    expect(stderr).toContain('（这是网页服务器）');
    // Before it is tried: most servers want an application.
    expect(stderr).toMatch(/! 服务器地址 .* 里没有应用名/);
    expect(stdout).toMatch(new RegExp(`✓ 连接 .* 127\\.0\\.0\\.1:${server.port}`));
  } finally {
    await server.stop();
  }
});

test.skipIf(!hasNginxRtmp())(
  'TLS to a plain port, and a wrong app (needs nginx-rtmp)',
  async () => {
    const nginx = await startNginxRtmp();
    try {
      const authority = `127.0.0.1:${nginx.rtmpPort}`;
      await expectFailure([...testSource, '--to', `rtmps://${authority}/live/${key}`], {
        ...{ code: 'TLS_NOT_SPOKEN', exit: 3, says: /does not speak TLS/ },
      });
      await expectFailure([...testSource, '--to', `rtmp://${authority}/nowhere/${key}`], {
        ...{ code: 'APP_REJECTED', exit: 4, says: /refused the application "nowhere"/ },
      });
    } finally {
      await nginx.stop();
    }
  },
);

test('a space in the key of a URL', () =>
  expectFailure([...testSource, '--to', `rtmp://127.0.0.1/live/my ${key}`], {
    ...{ code: 'INVALID_URL', exit: 2, says: /it holds a space.*stream key/ },
  }));

test('a URL that lacks its scheme', () =>
  expectFailure([...testSource, '--to', `live.example.com/live/${key}`], {
    ...{ code: 'INVALID_URL', exit: 2, says: /rtmp:\/\/live\.example\.com\/live\/…/ },
  }));

test('an unreadable file', async () => {
  const to = ['--to', `rtmp://127.0.0.1:${await freePort()}/live/${key}`];
  const missing = join(folder, 'missing.mp4');
  await expectFailure(['--source', `file:${missing}`, ...to], {
    ...{
      code: 'FILE_UNREADABLE',
      exit: 5,
      says: new RegExp(`The file ${missing} cannot be read: there is no such file`),
    },
  });
  const text = join(folder, 'text.mp4');
  await writeFile(text, 'This is no film.\n');
  await expectFailure(['--source', `file:${text}`, ...to], {
    ...{ code: 'FILE_UNREADABLE', exit: 5, says: /text\.mp4 cannot be read/ },
  });
});

test('a file without video', async () => {
  const file = join(folder, 'sound.m4a');
  const tone = ['-v', 'error', '-f', 'lavfi', '-i', 'sine=d=1', '-c:a', 'aac', file];
  await promisify(execFile)('ffmpeg', tone);
  const to = `rtmp://127.0.0.1:${await freePort()}/live/${key}`;
  await expectFailure(['--source', `file:${file}`, '--to', to], {
    ...{ code: 'NO_VIDEO', exit: 5, says: /sound\.m4a has no video/ },
  });
});

test('a missing ffmpeg', async () => {
  const to = `rtmp://127.0.0.1:${await freePort()}/live/${key}`;
  await expectFailure(
    [...testSource, '--to', to],
    { code: 'FFMPEG_MISSING', exit: 5, says: /No working ffmpeg/ },
    { env: { TALLYLIGHT_FFMPEG: join(folder, 'no-ffmpeg') } },
  );
});

test('a recording into a folder that is not there is refused before anything is sent', async () => {
  const file = join(folder, 'no-folder', 'show.flv');
  const to = `rtmp://127.0.0.1:${await freePort()}/live/${key}`;
  const result = await runCli(['publish', ...testSource, '--to', to, '--record', file, '--json']);
  expect(result.code, result.stderr).toBe(2);
  expect(result.summary.lastError?.message).toBe(
    `${file} cannot be written: there is no such folder.`,
  );
  expect(result.summary.destinations).toEqual([]);
});

test.each([
  [['--no-such-option']],
  [['publish']],
  [['publish', '--source', 'test', '--to', 'rtmp://a/b/c', '--size', 'big']],
  [['publish', '--source', 'test', '--to', 'rtmp://a/b/c', '--copy']],
  [['publish', '--source', 'file:x.mp4', '--to', 'rtmp://a/b/c', '--copy', '--size', '640x360']],
  [['publish', '--source', 'file:x.mp4', '--to', 'rtmp://a/b/c', '--copy', '--encoder', 'libx264']],
  [['publish', '--source', 'file:x.mp4', '--to', 'rtmp://a/b/c', '--copy', '--fps', '30']],
  [['publish', '--source', 'test', '--to', 'rtmp://a/b/c', '--fps', '1000']],
  [['publish', '--source', 'nothing', '--to', 'rtmp://a/b/c']],
  [['publish', '--source', 'test']],
  [['serve', '--rtmp', '1935']],
  [['no-such-command', `rtmp://a/b/${key}`]],
])('wrong usage: %s', async (args) => {
  const result = await runCli([...args, '--json']);
  expect(result.code).toBe(2);
  expect(result.summary).toMatchObject({ type: 'summary', lastError: { code: 'INVALID_OPTION' } });
  expect(result.stdout + result.stderr).not.toContain(key);
});
