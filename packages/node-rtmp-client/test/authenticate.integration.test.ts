import { afterEach, describe, expect, it } from 'vitest';
import {
  connect,
  parseRtmpUrl,
  play,
  publish,
  RtmpError,
  type PhaseEvent,
  type PublishOptions,
  type RtmpClientEvent,
} from '../src/index.js';
import { startCollectingServer } from './support/collecting-server.js';
import { startScriptedServer, type ScriptedPeer } from './support/scripted-server.js';

const streamKey = 'hush-hush';
const credentials = { user: 'zang@home', password: 'pass&word?' };
const stops: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

async function authenticating(scheme: 'adobe' | 'llnw') {
  const users: (string | undefined)[] = [];
  const started = await startCollectingServer(
    {
      authentication: {
        schemes: [scheme],
        password: (user) => (user === credentials.user ? credentials.password : undefined),
      },
    },
    {
      onConnect: (request) => {
        users.push(request.user);
        request.accept();
      },
    },
  );
  stops.push(() => started.server.close());
  return { ...started, users };
}

/** The error that publishing ends in; nothing that is said on the way may hold a secret. */
async function failure(port: number, options: Partial<PublishOptions> = {}): Promise<RtmpError> {
  const events: RtmpClientEvent[] = [];
  try {
    const publisher = await publish({
      address: parseRtmpUrl(`rtmp://127.0.0.1:${port}/live`),
      streamKey,
      onEvent: (event) => events.push(event),
      ...options,
    });
    publisher.abort();
  } catch (error) {
    if (!(error instanceof RtmpError)) throw error;
    const said = JSON.stringify([error.message, error.data, events]);
    expect(said).not.toMatch(/hush|zang@home|pass&word|response=(?!\*)/);
    return error;
  }
  throw new Error('publishing succeeded');
}

describe.each(['adobe', 'llnw'] as const)('[CMD-27, CMD-28] with authmod=%s', (scheme) => {
  it.each(['live', 'live/instance', 'live?token=1'])('publishes to %s', async (app) => {
    const { port, users, ended } = await authenticating(scheme);
    const phases: PhaseEvent[] = [];
    const publisher = await publish({
      address: parseRtmpUrl(`rtmp://127.0.0.1:${port}/${app}`),
      streamKey,
      credentials,
      onPhase: (event) => phases.push(event),
    });
    await publisher.close();
    expect(users).toEqual([credentials.user]);
    expect((await ended(0)).streamName).toBe(streamKey);
    // Three connections, of which only the first is told.
    expect(phases.filter(({ state }) => state === 'done').map(({ phase }) => phase)).toEqual([
      ...['dns', 'tcp', 'handshake', 'connect', 'publish'],
    ]);
    expect(phases.find(({ phase, state }) => phase === 'connect' && state === 'done')?.detail).toBe(
      app.replace('?token=1', ''),
    );
  });

  it('plays, and connects for several streams', async () => {
    const { port, users } = await authenticating(scheme);
    const address = parseRtmpUrl(`rtmp://127.0.0.1:${port}/live`);
    const connection = await connect({ address, credentials });
    await connection.close();
    // This server has nothing to play; it says so to those whom it has let in.
    await expect(play({ address, streamKey: 'x', credentials })).rejects.toMatchObject({
      code: 'play-rejected',
    });
    expect(users).toEqual([credentials.user, credentials.user]);
  });

  it('is told from having no password, a wrong one, and an unknown name', async () => {
    const { port } = await authenticating(scheme);
    expect(await failure(port)).toMatchObject({ code: 'auth-required', phase: 'connect' });
    for (const wrong of [
      { ...credentials, password: 'pass&word' },
      { ...credentials, user: 'zang@homes' },
    ]) {
      expect(await failure(port, { credentials: wrong })).toMatchObject({
        code: 'auth-failed',
        phase: 'connect',
        data: { host: '127.0.0.1', port },
      });
    }
  });
});

describe('a server that asks for authentication', () => {
  /** Refuses every connect with these words. */
  async function refusing(description: (app: string) => string) {
    const apps: string[] = [];
    const server = await startScriptedServer((peer: ScriptedPeer, message) => {
      if (message.type !== 'command' || message.name !== 'connect') return;
      const [object] = message.values as [{ app: string }];
      apps.push(object.app);
      peer.answer(message, '_error', null, {
        ...{ level: 'error', code: 'NetConnection.Connect.Rejected' },
        description: description(object.app),
      });
    });
    stops.push(() => server.stop());
    return { server, apps };
  }

  it('and asks again and again is given up', async () => {
    const { server, apps } = await refusing(
      () => '[ authmod=adobe ] : ?reason=needauth&user=x&salt=a&challenge=b&opaque=c',
    );
    expect(await failure(server.port, { credentials })).toMatchObject({ code: 'auth-failed' });
    expect(apps).toHaveLength(3);
  });

  it('and repeats what it was sent does not get it into an error', async () => {
    const { server, apps } = await refusing((app) =>
      app.includes('response')
        ? `NO: ${app} ${credentials.user} ${credentials.password} ${streamKey}`
        : app.includes('user')
          ? '[ authmod=adobe ] : ?reason=needauth&salt=a&challenge=b'
          : '[ code=403 need auth; authmod=adobe ]',
    );
    const error = await failure(server.port, { credentials });
    expect(apps).toHaveLength(3);
    const response = /response=([^&]+)/.exec(apps[2] ?? '')?.[1] ?? '?';
    expect(JSON.stringify([error.message, error.data])).not.toContain(response);
  });

  it('in a way that is not known is told so', async () => {
    const { server } = await refusing(() => '[ code=403 need auth; authmod=red5 ]');
    expect(await failure(server.port, { credentials })).toMatchObject({ code: 'unsupported' });
  });

  it('is given no time without end', async () => {
    const server = await startScriptedServer((peer, message) => {
      if (peer.connection > 0 || message.type !== 'command') return;
      peer.answer(message, '_error', null, {
        ...{ level: 'error', code: 'NetConnection.Connect.Rejected' },
        description: '[ code=403 need auth; authmod=adobe ]',
      });
    });
    stops.push(() => server.stop());
    const deadlines = { connect: 300 };
    expect(await failure(server.port, { credentials, deadlines })).toMatchObject({
      code: 'timeout',
      phase: 'connect',
    });
    expect(server.peers).toHaveLength(2);
    const error = await failure(server.port, { credentials, signal: AbortSignal.timeout(100) });
    expect(error).toMatchObject({ code: 'aborted', phase: 'connect' });
  });
});
