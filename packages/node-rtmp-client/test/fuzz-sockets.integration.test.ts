import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { formatTargets } from '../fuzz/format-targets.js';
import { makeInput } from '../fuzz/judge.js';
import { Random } from '../fuzz/random.js';
import { sessionTargets } from '../fuzz/session-targets.js';
import {
  LiveHub,
  liveHandlers,
  parseRtmpUrl,
  play,
  publish,
  RtmpError,
  RtmpServer,
} from '../src/index.js';
import { SessionWire, videoConfig, videoPacket } from './support/session-wire.js';

const handshake = Buffer.concat([Buffer.of(3), Buffer.alloc(2 * 1536)]);
const perTarget = 12;

let server: RtmpServer | undefined;
afterEach(() => server?.close());

/** What a client of ours says until it publishes. */
function publishing(streamKey: string): Buffer {
  const pieces: Uint8Array[] = [];
  const cutUp = (bytes: Uint8Array): Uint8Array[] => {
    pieces.push(bytes);
    return [bytes];
  };
  new SessionWire({ role: 'publish', streamKey, cutUp }).run();
  return Buffer.concat(pieces);
}

/** Where in a connection the bytes come. */
const places = [
  { name: 'in place of a handshake', before: () => Buffer.alloc(0) },
  { name: 'after the handshake', before: () => handshake },
  { name: 'while something is published', before: publishing },
] as const;

describe.each(places)('what fuzzing makes, sent $name,', ({ before }) => {
  it('ends no other connection, and none otherwise than with a word of the library', async () => {
    const hub = new LiveHub();
    const errors: unknown[] = [];
    const handlers = { ...liveHandlers(hub), onError: (error: unknown) => errors.push(error) };
    server = new RtmpServer(handlers, { limits: { settleMs: 20_000 } });
    const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
    const address = parseRtmpUrl(`rtmp://127.0.0.1:${port}/live`, { withKey: false });
    const publisher = await publish({ address, streamKey: 'one' });
    await publisher.write(videoPacket('config', 0, videoConfig));
    const player = await play({ address, streamKey: 'one' });

    let sent = 0;
    for (const target of [...formatTargets, ...sessionTargets]) {
      for (let seed = 1; seed <= perTarget; seed += 1) {
        const socket = connect(port, '127.0.0.1').on('error', () => undefined);
        await once(socket, 'connect');
        const closed = new Promise((resolve) => socket.resume().once('close', resolve));
        const start = before(`fuzz-${seed}`);
        socket.end(Buffer.concat([start, makeInput(target, new Random(seed))]));
        await closed;
        sent += 1;
        await publisher.write(videoPacket('frame', sent * 40_000, [0, 0, 0, 1, 0x65]));
      }
    }
    let frames = 0;
    for await (const item of player) {
      if (item.type !== 'packet' || item.packet.type !== 'frame') continue;
      frames += 1;
      if (frames === sent) break;
    }
    expect(frames).toBe(perTarget * (formatTargets.length + sessionTargets.length));
    expect(errors.filter((error) => !(error instanceof RtmpError))).toEqual([]);
    // A handler that fails in what it was not made for is not the sender's fault.
    expect(
      errors.filter((error) => error instanceof RtmpError && error.cause instanceof TypeError),
    ).toEqual([]);
    expect(hub.list().map(({ name }) => name)).toContain('one');
    await publisher.close();
  });
});
