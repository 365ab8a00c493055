import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { runningProcesses } from '../../test/support/processes.js';
import {
  buildCli,
  killLeftovers,
  runCli,
  runProcess,
  sendsFrames,
  startCli,
  type RunningCli,
} from './run-cli.js';

// A key that was not put on the command line is seen nowhere; one in a --to URL in no output and no child's arguments.

const key = `sk-${process.pid}-never-to-be-seen`;
let data = '';
let server: RunningCli;
let serverUrl = '';

beforeAll(async () => {
  await buildCli();
  data = await mkdtemp(join(tmpdir(), 'tallylight-secret-'));
});
afterAll(() => rm(data, { recursive: true, force: true }));

afterEach(killLeftovers);
beforeEach(async () => {
  server = startCli(['serve', '--rtmp', '127.0.0.1:0', '--http', '127.0.0.1:0', '--json']);
  const { rtmp } = await server.line((line) => line['state'] === 'listening');
  serverUrl = `${String(rtmp)}/live`;
});
afterEach(async () => {
  server.child.kill('SIGTERM');
  const { code, stdout, stderr } = await server.done;
  expect(code).toBe(6);
  expect(stdout + stderr).not.toContain(key);
});

const environment = () => ({ TALLYLIGHT_DATA_DIR: data, TALLYLIGHT_LOG: '1' });
const publish = ['publish', '--source', 'test', '--size', '320x180', '--json', '--verbose'];

/** Publishes, and reads every argument list while it is live. */
async function expectSilence(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  keyOnCommandLine: boolean,
): Promise<void> {
  const running = startCli([...publish, ...args], { env: { ...environment(), ...env } });
  await running.line(sendsFrames);
  const seen = (await runningProcesses()).filter(({ commandLine }) => commandLine.includes(key));
  expect(seen.map(({ pid }) => pid)).toEqual(keyOnCommandLine ? [running.pid] : []);
  running.child.kill('SIGINT');
  const { code, stdout, stderr, summary } = await running.done;
  expect(code, stderr).toBe(6);
  expect(summary.destinations[0]?.framesSent).toBeGreaterThan(0);
  expect(stderr, 'it logs').toContain('"level"');
  expect(stdout + stderr).not.toContain(key);
}

test('a key in --key-env', () =>
  expectSilence(['--to', serverUrl, '--key-env', 'SECRET_KEY'], { SECRET_KEY: key }, false));

test('a key in the --to URL', () => expectSilence(['--to', `${serverUrl}/${key}`], {}, true));

test('a key in a profile, which is in no file either', async () => {
  const add = ['profiles', 'add', 'Secret', '--url', serverUrl, '--json'];
  const added = await runProcess(add, { env: environment(), stdin: `${key}\n` });
  expect(added.code, added.stderr).toBe(0);
  expect(added.stdout + added.stderr).not.toContain(key);
  await expectSilence(['--profile', 'Secret'], {}, false);

  const listed = await runCli(['profiles', 'list', '--json'], { env: environment() });
  expect(listed.summary['profiles']).toContainEqual(
    expect.objectContaining({ name: 'Secret', serverUrl, hasKey: true }),
  );
  const exported = await runCli(['profiles', 'export'], { env: environment() });
  expect(exported.stdout).toContain('Secret');
  expect(listed.stdout + listed.stderr + exported.stdout + exported.stderr).not.toContain(key);

  const files = await readdir(data, { recursive: true, withFileTypes: true });
  const saved = files.filter((file) => file.isFile());
  expect(saved.length).toBeGreaterThan(0);
  for (const file of saved) {
    const text = await readFile(join(file.parentPath, file.name), 'latin1');
    expect(text.includes(key), file.name).toBe(false);
    expect(text.includes(Buffer.from(key).toString('base64')), file.name).toBe(false);
  }
});

test('a key that the server refuses', async () => {
  const first = startCli([...publish, '--to', serverUrl, '--key-env', 'K'], {
    env: { ...environment(), K: key },
  });
  await first.line(sendsFrames);
  const second = await runCli([...publish, '--to', `${serverUrl}/${key}`], { env: environment() });
  expect(second.summary.lastError?.code).toBe('STREAM_BUSY');
  expect(second.code).toBe(4);
  expect(second.stdout + second.stderr).not.toContain(key);
  first.child.kill('SIGINT');
  expect((await first.done).code).toBe(6);
});

test.each(['show', 'live', 'recorded', 'test', 'x'])(
  'the key "%s" blanks neither a path nor our own words',
  async (word) => {
    const file = join(data, `${word}.flv`);
    const args = ['--to', serverUrl, '--key', word, '--record', file];
    const running = startCli([...publish, ...args], { env: environment() });
    await running.line(({ type, state }) => type === 'state' && state === 'live');
    running.child.kill('SIGINT');
    const { code, stdout, stderr, summary } = await running.done;
    expect(code, stderr).toBe(6);
    expect(stderr).toContain(`Recorded to ${file} (`);
    expect(stderr).toMatch(/^LIVE$/m);
    expect(stderr).toContain(`Publishing to ${serverUrl}\n`);
    expect(summary.recording).toMatchObject({ path: file });
    expect(stdout).not.toContain('***');

    const twice = ['--to', `${serverUrl}/${word}`, '--key', word, '--duration', '1'];
    const both = await runCli([...publish, ...twice], { env: environment() });
    expect(both.stderr).toContain(`Publishing to ${serverUrl}/***\n`);
    expect(both.stdout + both.stderr).not.toContain(`live/${word}`);
  },
);
