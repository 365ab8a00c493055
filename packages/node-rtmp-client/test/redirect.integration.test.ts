import { afterEach, describe, expect, it } from 'vitest';
import {
  connect,
  parseRtmpUrl,
  publish,
  RtmpError,
  type AmfObject,
  type PhaseEvent,
  type PublishOptions,
} from '../src/index.js';
import { startCollectingServer } from './support/collecting-server.js';
import { answerAsUsual, startScriptedServer } from './support/scripted-server.js';

const streamKey = 'hush-hush';
const stops: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

const redirection = (redirect: string): AmfObject => ({
  ...{ level: 'error', code: 'NetConnection.Connect.Rejected', description: 'Go elsewhere.' },
  ex: { code: 302, redirect },
});

/** A server of ours that sends everybody on. */
async function redirecting(url: (app: string) => string): Promise<number> {
  const { server, port } = await startCollectingServer(
    {},
    { onConnect: (request) => request.redirect(url(request.app)) },
  );
  stops.push(() => server.close());
  return port;
}

async function target() {
  const started = await startCollectingServer();
  stops.push(() => started.server.close());
  return started;
}

async function failure(port: number, options: Partial<PublishOptions> = {}): Promise<RtmpError> {
  try {
    const address = parseRtmpUrl(`rtmp://127.0.0.1:${port}/live`);
    (await publish({ address, streamKey, ...options })).abort();
  } catch (error) {
    if (!(error instanceof RtmpError)) throw error;
    expect(JSON.stringify([error.message, error.data])).not.toContain(streamKey);
    return error;
  }
  throw new Error('publishing succeeded');
}

describe('[CMD-29] a redirect', () => {
  it('is followed, also twice, and to another application', async () => {
    const { port, ended } = await target();
    const second = await redirecting((app) => `rtmp://127.0.0.1:${port}/${app}/moved`);
    const first = await redirecting(() => `rtmp://127.0.0.1:${second}/there`);
    const phases: PhaseEvent[] = [];
    const publisher = await publish({
      address: parseRtmpUrl(`rtmp://127.0.0.1:${first}/live`),
      streamKey,
      onPhase: (event) => phases.push(event),
    });
    await publisher.close();
    expect((await ended(0)).streamName).toBe(streamKey);
    const done = phases.filter(({ state }) => state === 'done');
    expect(done.map(({ phase }) => phase)).toEqual([
      ...['dns', 'tcp', 'handshake', 'connect', 'publish'],
    ]);
    expect(done[3]?.detail).toBe('there/moved');
    const connection = await connect({ address: parseRtmpUrl(`rtmp://127.0.0.1:${first}/live`) });
    await connection.close();
  });

  it('is followed when it comes in answer to publish, as from SRS', async () => {
    const { port, ended } = await target();
    const server = await startScriptedServer((peer, message) => {
      if (message.type !== 'command') return;
      if (message.name !== 'publish') answerAsUsual(peer, message);
      else peer.status(message.streamId, redirection(`rtmp://127.0.0.1:${port}/live`));
    });
    stops.push(() => server.stop());
    const publisher = await publish({
      address: parseRtmpUrl(`rtmp://127.0.0.1:${server.port}/live`),
      streamKey,
    });
    await publisher.close();
    expect((await ended(0)).end).toEqual({ inOrder: true });
  });

  it('in a circle comes to an end', async () => {
    let port = 0;
    port = await redirecting((app) => `rtmp://127.0.0.1:${port}/${app}`);
    expect(await failure(port)).toMatchObject({
      code: 'connect-rejected',
      phase: 'connect',
      data: { reason: 'it redirects more than 5 times', port },
    });
  });

  it('to a place that is not there is an error of that place, without the key', async () => {
    const port = await redirecting(() => `rtmp://127.0.0.1:1/${streamKey}`);
    const error = await failure(port);
    expect(error).toMatchObject({ code: 'refused', phase: 'tcp', data: { port: 1 } });
    const named = await redirecting(() => `rtmp://${streamKey}.invalid/live`);
    expect((await failure(named)).code).toBe('dns-not-found');
  });

  it.each(['http://127.0.0.1/live', 'rtmp://', '%%%', 'rtmpt://127.0.0.1/live'])(
    'to %s is refused',
    async (url) => {
      const port = await redirecting(() => url);
      expect((await failure(port)).code).toMatch(/invalid-url|unsupported|connect-rejected/);
    },
  );

  it('to an application with a token does not show it, nor does the token we came with', async () => {
    const second = await startScriptedServer((peer, message) => {
      if (message.type !== 'command' || message.name !== 'connect') return;
      const [object] = message.values;
      const description = `No ${JSON.stringify(object)}, S3CRET, T0KEN.`;
      peer.answer(message, '_error', null, {
        ...{ level: 'error', code: 'NetConnection.Connect.Rejected', description },
      });
    });
    stops.push(() => second.stop());
    const port = await redirecting(() => `rtmp://127.0.0.1:${second.port}/there?token=S3CRET`);
    const address = parseRtmpUrl(`rtmp://127.0.0.1:${port}/live?auth=T0KEN`);
    const events: unknown[] = [];
    const failed = publish({ address, streamKey, onEvent: (event) => events.push(event) });
    const error = await failed.then(
      () => undefined,
      (reason: unknown) => reason as RtmpError,
    );
    expect(error?.data).toMatchObject({ app: 'there' });
    expect(error?.message).toContain('No {');
    expect(JSON.stringify([error?.message, error?.data, events])).not.toMatch(/S3CRET|T0KEN/);
  });

  it('shows no token in what it tells of a connection that stands', async () => {
    const { port } = await target();
    const phases: PhaseEvent[] = [];
    const connection = await connect({
      address: parseRtmpUrl(`rtmp://127.0.0.1:${port}/live?auth=T0KEN`),
      onPhase: (event) => phases.push(event),
    });
    await connection.close();
    expect(phases.map(({ detail }) => detail)).toContain('live');
    expect(JSON.stringify(phases)).not.toContain('T0KEN');
  });

  it('is not waited for without end', async () => {
    const silent = await startScriptedServer(() => undefined);
    stops.push(() => silent.stop());
    const port = await redirecting(() => `rtmp://127.0.0.1:${silent.port}/live`);
    expect(await failure(port, { deadlines: { connect: 200 } })).toMatchObject({
      code: 'timeout',
      phase: 'connect',
    });
    const signal = AbortSignal.timeout(100);
    expect(await failure(port, { signal })).toMatchObject({ code: 'aborted' });
  });
});
