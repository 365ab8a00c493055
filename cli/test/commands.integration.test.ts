import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../test/support/free-port.js';
import {
  countFrames,
  decodeErrors,
  decodeTimes,
  strictlyRising,
} from '../../test/support/media.js';
import { descendants, isRunning } from '../../test/support/processes.js';
import { until } from '../../test/support/until.js';
import {
  buildCli,
  killLeftovers,
  runCli,
  runProcess,
  startCli,
  type RunningCli,
} from './run-cli.js';

let folder = '';
afterEach(killLeftovers);
beforeAll(async () => {
  await buildCli();
  folder = await mkdtemp(join(tmpdir(), 'tallylight-commands-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function serve(): Promise<{ server: RunningCli; rtmp: string; http: string }> {
  const any = ['--rtmp', '127.0.0.1:0', '--http', '127.0.0.1:0'];
  const server = startCli(['serve', ...any, '--json']);
  const { rtmp, http } = await server.line((line) => line['state'] === 'listening');
  return { server, rtmp: String(rtmp), http: String(http) };
}

test('the help tells where profiles are', async () => {
  const { stdout } = await runCli(['--help'], { env: { HOME: folder, XDG_CONFIG_HOME: folder } });
  expect(stdout.replaceAll(/\s/g, '')).toContain(join(folder, 'tallylight-cli'));
});

test('the demo sends, plays back, decodes and compares', async () => {
  const result = await runProcess(['demo', '--seconds', '3', '--json']);
  expect(result.code, result.stderr).toBe(0);
  const { framesSent, framesPlayed, framesDecoded, equal } = result.summary['demo'] as Record<
    string,
    unknown
  >;
  expect(equal).toBe(true);
  expect(framesPlayed).toBe(framesSent);
  expect(framesDecoded).toBe(framesSent);
  expect(framesSent).toBeGreaterThan(30);
});

test('play writes what is published, and says when nobody publishes', async () => {
  const { server, rtmp } = await serve();
  const url = `${rtmp}/live/played`;
  const nobody = await runCli(['play', url, '--json']);
  expect(nobody.code).toBe(4);
  expect(nobody.summary.lastError?.code).toBe('STREAM_NOT_FOUND');
  const nothing = await runCli(['play', `${rtmp}/live/`, '--json']);
  // Some servers have streams that only the application names.
  expect(nothing.summary.lastError?.code).toBe('STREAM_NOT_FOUND');

  const publish = ['publish', '--source', 'test', '--size', '320x180', '--to', url, '--json'];
  const publisher = startCli(publish);
  const joinAtMs = 3_000;
  await publisher.line(
    (line) => line.type === 'stats' && (line['durationMs'] as number) > joinAtMs,
  );
  const file = join(folder, 'played.flv');
  const played = await runCli(['play', url, '--output', file, '--duration', '3', '--json']);
  expect(played.code, played.stderr).toBe(0);
  expect(await decodeErrors(file)).toBe('');
  expect(await countFrames(file)).toBe(played.summary.video.frames);
  // Media time, and not the wall's: what the server has kept comes at once.
  expect(played.summary.durationMs).toBeGreaterThan(2_900);
  expect(played.summary.durationMs).toBeLessThan(3_000);
  // A file begins at zero, not where the publisher's clock was.
  const [video, audio] = [await decodeTimes(file, 'v:0'), await decodeTimes(file, 'a:0')];
  expect(strictlyRising(video) && strictlyRising(audio)).toBe(true);
  const starts = [video[0] ?? NaN, audio[0] ?? NaN];
  expect(Math.min(...starts)).toBe(0);
  expect(Math.max(...starts)).toBeLessThan(500);

  const counted = startCli(['play', url]);
  const piped = startCli(['play', url, '--output', '-']);
  const head = await until('FLV on stdout', () => piped.output().stdout.slice(0, 3) || undefined);
  expect(head).toBe('FLV');
  await until('the other player to join', () => counted.output().stderr.includes('only counted'));
  // The stream's end is the player's end.
  publisher.child.kill('SIGTERM');
  expect((await publisher.done).code).toBe(6);
  expect((await piped.done).code).toBe(0);
  expect((await counted.done).code).toBe(0);
  server.child.kill('SIGTERM');
  expect((await server.done).code).toBe(6);
});

test('check goes through the phases and publishes nothing', async () => {
  const { server, rtmp } = await serve();
  const phasesOf = (summary: Record<string, unknown>) =>
    (summary['phases'] as { phase: string; state: string }[]).map(
      ({ phase, state }) => `${phase} ${state}`,
    );
  for (const url of [`${rtmp}/live/secret-name`, `${rtmp}/live`]) {
    const result = await runCli(['check', url, '--json']);
    expect(result.code, result.stderr).toBe(0);
    expect(phasesOf(result.summary)).toEqual([
      ...['dns done', 'tcp done', 'handshake done', 'connect done'],
    ]);
    expect(result.stdout + result.stderr).not.toContain('secret-name');
    expect(result.stderr).toContain('--publish');
  }
  const published = await runCli(['check', `${rtmp}/live/secret-name`, '--publish', '--json']);
  expect(published.code, published.stderr).toBe(0);
  expect(phasesOf(published.summary)).toContain('publish done');
  server.child.kill('SIGINT');
  const { lines, stderr } = await server.done;
  expect(lines.filter((line) => line['state'] === 'published')).toHaveLength(1);
  expect(stderr).toContain('● live/*** (#1) is on air (1 live)');
  expect(stderr).toContain('○ live/*** (#1) has ended (0 live)');
  expect(stderr).not.toContain('secret-name');

  const refused = await runCli(['check', `rtmp://127.0.0.1:${await freePort()}/live`, '--json']);
  expect(refused.code).toBe(3);
  expect(phasesOf(refused.summary).at(-1)).toBe('tcp failed');
});

test('serve on all addresses prints those that can be opened, and who can open them', async () => {
  const server = startCli(['serve', '--rtmp', '127.0.0.1:0', '--http', '0.0.0.0:0', '--json']);
  const { http } = await server.line((line) => line['state'] === 'listening');
  const { port } = new URL(String(http));
  await until('the warning', () => server.output().stderr.includes('Everybody who can reach'));
  expect(server.output().stderr).toContain(`Watch at    http://127.0.0.1:${port}/`);
  expect(server.output().stderr).not.toContain('0.0.0.0');
  server.child.kill('SIGINT');
  expect((await server.done).code).toBe(6);
});

test('serve says which port is in use', async () => {
  const { server, rtmp } = await serve();
  const taken = new URL(rtmp).host;
  const second = await runCli(['serve', '--rtmp', taken, '--http', '127.0.0.1:0', '--json']);
  expect(second.code).toBe(2);
  expect(second.summary.lastError).toMatchObject({ code: 'PORT_IN_USE' });
  expect(second.stderr).toContain(taken);
  server.child.kill('SIGINT');
  await server.done;
});

test('devices lists what there is and tries the encoders', async () => {
  const result = await runCli(['devices', '--json']);
  expect(result.code, result.stderr).toBe(0);
  const { cameras, microphones, encoders } = result.summary;
  expect([Array.isArray(cameras), Array.isArray(microphones)]).toEqual([true, true]);
  expect(encoders).toContainEqual({ name: 'libx264', hardware: false, usable: true });
});

test('the built-in profile needs no key, and tells where to watch', async () => {
  const listed = await runCli(['profiles', 'list']);
  expect(listed.stdout).toMatch(/^Built-in server .*free port.*no key needed$/m);
  const args = ['--source', 'test', '--size', '320x180', '--duration', '1'];
  const published = await runCli(['publish', ...args, '--profile', 'Built-in server']);
  expect(published.code, published.stderr).toBe(0);
  expect(published.stderr).toMatch(/^Watch at http:\/\/127\.0\.0\.1:\d+\/#live\/preview$/m);
});

test('profiles are added, exported, removed and imported', async () => {
  const env = { TALLYLIGHT_DATA_DIR: join(folder, 'profiles'), MY_KEY: 'profile-s3cret' };
  const run = (...args: string[]) => runCli(['profiles', ...args], { env });
  const names = async (): Promise<string[]> =>
    ((await run('list', '--json')).summary['profiles'] as { name: string }[]).map((p) => p.name);
  const url = ['--url', 'rtmp://church.example/live'];

  expect((await run('add', 'Church', ...url, '--key-env', 'MY_KEY')).code).toBe(0);
  expect(await names()).toContain('Church');
  const twice = await run('add', 'church', ...url, '--key-env', 'MY_KEY', '--json');
  expect(twice.code).toBe(2);
  expect(twice.summary.lastError?.code).toBe('PROFILE_NAME_TAKEN');

  const file = join(folder, 'profiles.json');
  expect((await run('export', file)).code).toBe(0);
  expect(await readFile(file, 'utf8')).not.toContain('profile-s3cret');
  expect((await run('remove', 'CHURCH')).code).toBe(0);
  expect(await names()).not.toContain('Church');
  expect((await run('import', file)).code).toBe(0);
  expect(await names()).toContain('Church');
  const other = (await readFile(file, 'utf8')).replace('church.example', 'elsewhere.example');
  await writeFile(file, other);
  const replaced = await run('import', file);
  expect(replaced.stderr).toContain('rtmp://church.example/live and now goes to rtmp://elsewhere.');

  const unknown = await run('remove', 'nobody', '--json');
  expect(unknown.summary.lastError?.code).toBe('PROFILE_NOT_FOUND');
  await writeFile(file, '{"type":"something else"}');
  expect((await run('import', file)).code).toBe(2);
  // Some servers need none; most do.
  const empty = await run('add', 'Empty', ...url, '--json');
  expect(empty.code).toBe(0);
  expect(empty.lines).toContainEqual(
    expect.objectContaining({ type: 'warning', code: 'EMPTY_KEY' }),
  );
});

test('a profile keeps where it is watched, which is listed without its token and travels with the keys', async () => {
  const run = (folderName: string, ...args: string[]) =>
    runCli(['profiles', ...args], { env: { TALLYLIGHT_DATA_DIR: join(folder, folderName) } });
  const watch = 'https://me:pass@cdn.example/live_4711_kEy0fSome0neElse/show.m3u8?token=t0ken';
  const shown = 'https://cdn.example/***/show.m3u8';
  const url = ['--url', 'rtmp://church.example/live', '--key', 'k'];
  const wrong = await run(
    'watched',
    'add',
    'Church',
    ...url,
    '--watch',
    'https://cdn.example/show',
  );
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toBe(
    '✗ The address for watching is none that can be played.\n' +
      '  Use an address of RTMP, or one of HTTP that ends with .flv, .m3u8 or .mpd.\n',
  );
  const outputs = [await run('watched', 'add', 'Church', ...url, '--watch', watch, '--json')];
  expect(outputs[0]?.summary['profile']).toMatchObject({ name: 'Church', playUrl: shown });
  outputs.push(await run('watched', 'list'), await run('watched', 'list', '--json'));
  expect(outputs[1]?.stdout).toContain(
    `Church  rtmp://church.example/live  key saved  watched at ${shown}\n`,
  );
  expect(outputs[2]?.summary['profiles']).toMatchObject([{}, { playUrl: shown }]);
  const [without, whole] = ['without.json', 'whole.json'].map((name) => join(folder, name));
  outputs.push(await run('watched', 'export', `${without}`));
  outputs.push(await run('watched', 'export', `${whole}`, '--with-keys'));
  const all =
    outputs.map(({ stdout, stderr }) => stdout + stderr).join('') +
    (await readFile(`${without}`, 'utf8'));
  expect(all).not.toMatch(/t0ken|kEy0f|me:pass/);
  await run('elsewhere', 'import', `${whole}`);
  const again = join(folder, 'again.json');
  await run('elsewhere', 'export', again, '--with-keys');
  expect(JSON.parse(await readFile(again, 'utf8'))).toMatchObject({
    profiles: [{ playUrl: watch }],
  });
  expect((await run('elsewhere', 'edit', 'Church', '--no-watch')).code).toBe(0);
  expect((await run('elsewhere', 'list')).stdout).not.toContain('watched at');
});

test('profiles go to stdout and come from stdin with "-"', async () => {
  const run = (args: string[], name: string, stdin?: string) =>
    runProcess(['profiles', ...args], {
      env: { TALLYLIGHT_DATA_DIR: join(folder, name) },
      ...(stdin !== undefined && { stdin }),
    });
  await run(['add', 'One', '--url', 'rtmp://one.example/live', '--key', 'k'], 'from');
  const exported = await run(['export', '-'], 'from');
  expect(JSON.parse(exported.stdout)).toMatchObject({ profiles: [{ name: 'One' }] });
  expect((await run(['import', '-'], 'to', exported.stdout)).code).toBe(0);
  expect((await run(['list'], 'to')).stdout).toContain('One');
});

test('a damaged file of profiles is set aside, and that is said', async () => {
  const TALLYLIGHT_DATA_DIR = join(folder, 'damaged');
  await mkdir(TALLYLIGHT_DATA_DIR);
  await writeFile(join(TALLYLIGHT_DATA_DIR, 'profiles.json'), '{"profiles": [');
  const env = { TALLYLIGHT_DATA_DIR };
  const listed = await runCli(['profiles', 'list', '--json'], { env });
  expect(listed.code).toBe(0);
  expect(listed.stderr).toMatch(/set aside as profiles\.corrupt-/);
  expect(listed.lines).toContainEqual(
    expect.objectContaining({ type: 'warning', code: 'SETTINGS_CORRUPT' }),
  );
});

test('the built-in server is checked by its profile', async () => {
  for (const more of [[], ['--publish']]) {
    const args = ['check', '--profile', 'Built-in server', ...more, '--json'];
    const checked = await runCli(args, { env: { TALLYLIGHT_DATA_DIR: join(folder, 'built-in') } });
    expect(checked.summary).toMatchObject({ ok: true });
    expect(checked.code).toBe(0);
  }
});

/** An ffmpeg that captures nothing and does not end when it is asked to, so that stopping takes its time. */
async function stubbornFfmpeg(): Promise<string> {
  const path = join(folder, 'stubborn-ffmpeg');
  const script = `#!/bin/sh
case "$*" in *pipe:1*) trap '' TERM; exec sleep 41.7333;; *) exec ffmpeg "$@";; esac
`;
  await writeFile(path, script, { mode: 0o755 });
  return path;
}

test('a second signal ends at once', async () => {
  const { server, rtmp } = await serve();
  const publisher = startCli(['publish', '--source', 'test', '--to', `${rtmp}/live/two-signals`], {
    env: { TALLYLIGHT_FFMPEG: await stubbornFfmpeg() },
  });
  const capture = await until('the capture to run', async () =>
    (await descendants(publisher.pid)).find(({ commandLine }) => commandLine.includes('41.7333')),
  );
  publisher.child.kill('SIGINT');
  await until('the first signal to be taken', () =>
    publisher.output().stderr.includes('Press Ctrl+C again'),
  );
  // Signals that come together are one wish, so this one is given until it is taken.
  await until('the second signal to end it', () => {
    publisher.child.kill('SIGTERM');
    return publisher.child.exitCode !== null;
  });
  expect((await publisher.done).code).toBe(143);
  await until('the capture to end', async () => !(await isRunning(capture.pid)));
  server.child.kill('SIGINT');
  await server.done;
});
