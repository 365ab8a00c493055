import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RtmpServer } from 'node-rtmp-client';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { buildCli, killLeftovers, runCli, sendsFrames, startCli } from './run-cli.js';

const password = 'pa ss@w0rd';
const wrong = 'wr0ng-pass';
let folder = '';

beforeAll(async () => {
  await buildCli();
  folder = await mkdtemp(join(tmpdir(), 'tallylight-credentials-'));
});
afterEach(killLeftovers);
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each(['adobe', 'llnw'] as const)(
  'a server that asks who publishes (%s) gets the user and the password',
  async (scheme) => {
    const server = new RtmpServer(
      { onPublish: (ingest) => ingest.accept(() => undefined) },
      {
        authentication: {
          schemes: [scheme],
          password: (user) => (user === 'me' ? password : undefined),
        },
      },
    );
    const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
    const url = `rtmp://127.0.0.1:${port}/live?token=t0ken`;
    const TALLYLIGHT_DATA_DIR = join(folder, scheme);
    const env = { TALLYLIGHT_DATA_DIR, RIGHT: password, WRONG: wrong };
    const key = ['--key', 'str34m-key'];
    const outputs: string[] = [];
    const run = async (...args: string[]) => {
      const result = await runCli([...args, '--json'], { env });
      outputs.push(result.stdout, result.stderr);
      return result;
    };
    const check = (...args: string[]) => run('check', '--publish', ...args);
    try {
      const unasked = await check(url, ...key);
      expect(unasked).toMatchObject({ code: 4, summary: { lastError: { code: 'AUTH_REQUIRED' } } });
      const refused = await check(url, ...key, '--user', 'me', '--password-env', 'WRONG');
      expect(refused).toMatchObject({ code: 4, summary: { lastError: { code: 'AUTH_FAILED' } } });
      const signed = [...key, '--user', 'me', '--password-env', 'RIGHT'];
      expect((await check(url, ...signed)).summary).toMatchObject({ ok: true });

      expect((await run('profiles', 'add', 'Signed', '--url', url, ...signed)).code).toBe(0);
      expect((await check('--profile', 'Signed')).summary).toMatchObject({ ok: true });
      outputs.push(await readFile(join(TALLYLIGHT_DATA_DIR, 'profiles.json'), 'utf8'));
      outputs.push(
        (await run('profiles', 'export', join(folder, `${scheme}.json`), '--with-keys')).stdout,
      );
      outputs.push(await readFile(join(folder, `${scheme}.json`), 'utf8'));
      expect(outputs.join('\n')).not.toMatch(/pa ss@w0rd|pa%20ss|wr0ng-pass/);

      const publish = ['publish', '--source', 'test', '--size', '160x90', '--profile', 'Signed'];
      const publisher = startCli([...publish, '--json'], { env });
      await publisher.line(sendsFrames);
      publisher.child.kill('SIGINT');
      const { code, stdout, stderr } = await publisher.done;
      expect(code).toBe(6);
      expect(stdout + stderr).not.toMatch(/pa ss@w0rd|t0ken|str34m-key/);
    } finally {
      await server.close();
    }
  },
);
