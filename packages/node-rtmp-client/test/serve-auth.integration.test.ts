import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import {
  RtmpServer,
  type RtmpAuthenticationOptions,
  type RtmpConnectRequest,
} from '../src/index.js';

const run = promisify(execFile);

let server: RtmpServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

/** What a server that asks for authentication has let in. */
interface Witness {
  readonly port: number;
  readonly connected: RtmpConnectRequest[];
  readonly published: { user: string | undefined; query: string; frames: number }[];
}

/** A server that knows one user. */
async function serve(
  schemes: RtmpAuthenticationOptions['schemes'],
  more: Partial<RtmpAuthenticationOptions> = {},
): Promise<Witness> {
  const connected: RtmpConnectRequest[] = [];
  const published: Witness['published'] = [];
  server = new RtmpServer(
    {
      onConnect: (request) => {
        connected.push(request);
        request.accept();
      },
      onPublish: async (ingest) => {
        const { user, query } = ingest;
        let frames = 0;
        ingest.accept((item) => (frames += item.type === 'packet' ? 1 : 0));
        await ingest.closed;
        published.push({ user, query, frames });
      },
    },
    {
      authentication: {
        ...{ schemes, ...more },
        password: (user) => (user === 'one' ? 'pass-word' : undefined),
      },
    },
  );
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  return { port, connected, published };
}

/** What ffmpeg says when it publishes half a second of a picture; empty when all went well. */
async function ffmpegPublishes(url: string): Promise<string> {
  const source = ['-f', 'lavfi', '-i', 'testsrc2=size=64x64:rate=10', '-t', '0.5'];
  const to = ['-c:v', 'libx264', '-preset', 'ultrafast', '-f', 'flv', url];
  try {
    return (await run('ffmpeg', ['-v', 'error', '-nostdin', ...source, ...to])).stderr;
  } catch (error) {
    return String((error as { stderr?: string }).stderr);
  }
}

describe.each(['adobe', 'llnw'] as const)('[CMD-27, CMD-28] authmod=%s', (scheme) => {
  it('lets ffmpeg in with the right password, and knows who it is', async () => {
    const { port, connected, published } = await serve([scheme]);
    const url = `rtmp://one:pass-word@127.0.0.1:${port}/studio/camera/key?token=1`;
    expect(await ffmpegPublishes(url)).toBe('');
    expect(connected).toMatchObject([{ user: 'one', query: '' }]);
    expect(published).toMatchObject([{ user: 'one', query: 'token=1' }]);
    expect(published[0]?.frames).toBeGreaterThan(4);
  });

  it.each([
    { who: 'a wrong password', user: 'one:wrong' },
    { who: 'a user who is not there', user: 'two:pass-word' },
  ])('refuses $who', async ({ user }) => {
    const { port, connected } = await serve([scheme]);
    const said = await ffmpegPublishes(`rtmp://${user}@127.0.0.1:${port}/studio/key`);
    expect(said).toMatch(/Incorrect username\/password/);
    expect(connected).toEqual([]);
  });

  it('refuses who has none', async () => {
    const { port, connected } = await serve([scheme]);
    const said = await ffmpegPublishes(`rtmp://127.0.0.1:${port}/studio/key`);
    expect(said).toMatch(/No credentials set/);
    expect(connected).toEqual([]);
  });
});

it('asks only whom it is told to ask, and tells of a wrong password', async () => {
  const wrong: string[] = [];
  const { port, published } = await serve(['adobe'], {
    asks: ({ app }) => app === 'closed',
    onWrongPassword: ({ app, remote }) => wrong.push(`${app} ${remote.split(' ')[0] ?? ''}`),
  });
  const at = (user: string, app: string): string => `rtmp://${user}127.0.0.1:${port}/${app}/key`;
  expect(await ffmpegPublishes(at('', 'open'))).toBe('');
  expect(await ffmpegPublishes(at('', 'closed'))).toMatch(/No credentials set/);
  expect(wrong).toEqual([]);
  expect(await ffmpegPublishes(at('one:wrong@', 'closed'))).toMatch(/Incorrect username/);
  expect(wrong).toEqual(['closed 127.0.0.1']);
  expect(await ffmpegPublishes(at('one:pass-word@', 'closed'))).toBe('');
  expect(published.map(({ user }) => user)).toEqual([undefined, 'one']);
});

it('lets nobody in who authenticates wrongly without being asked', async () => {
  const { port, connected } = await serve(['adobe'], { asks: () => false });
  const url = `rtmp://one:wrong@127.0.0.1:${port}/studio?authmod=adobe/key`;
  expect(await ffmpegPublishes(url)).toMatch(/Incorrect username/);
  expect(connected).toEqual([]);
  expect(await ffmpegPublishes(url.replace('wrong', 'pass-word'))).toBe('');
  expect(connected).toMatchObject([{ user: 'one' }]);
});
