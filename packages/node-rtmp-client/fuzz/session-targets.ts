import { ByteQueue } from '../src/bytes/byte-queue.js';
import type { FlvItem } from '../src/flv/flv-item.js';
import { ClientHandshake } from '../src/handshake/client-handshake.js';
import { ServerHandshake } from '../src/handshake/server-handshake.js';
import { nodeDigests } from '../src/net/node-digests.js';
import { libraryCapabilities } from '../src/session/capabilities.js';
import { ClientSession } from '../src/session/client-session.js';
import type { ClientStream } from '../src/session/client-stream.js';
import type { StreamRequest } from '../src/session/server-requests.js';
import { ServerSession } from '../src/session/server-session.js';
import { digestHandshakes } from '../test/fixtures/handshake.js';
import { messageFixtures } from '../test/fixtures/messages.js';
import {
  audioConfig,
  audioPacket,
  SessionWire,
  videoConfig,
  videoPacket,
  type Cut,
} from '../test/support/session-wire.js';
import { generateChunks } from './generate.js';
import type { Random } from './random.js';
import type { Target } from './target.js';

const packetLength = 1536;
const joined = (...pieces: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(Buffer.concat(pieces));
const lengthOf = (pieces: readonly Uint8Array[]): number =>
  pieces.reduce((sum, piece) => sum + piece.length, 0);

const video: FlvItem = { type: 'packet', packet: videoPacket('frame', 0, [0, 0, 0, 1, 0x65]) };
const items: readonly FlvItem[] = [
  { type: 'metadata', value: { width: 64 } },
  { type: 'packet', packet: videoPacket('config', 0, videoConfig) },
  { type: 'packet', packet: audioPacket('config', 0, audioConfig) },
  video,
];

/** What went over a wire in one direction, behind the handshake. */
function recorded(
  role: 'publish' | 'play',
  direction: 'cutUp' | 'cutDown',
  until: 'streaming' | 'closed' = 'closed',
): Uint8Array {
  const pieces: Uint8Array[] = [];
  const record: Cut = (bytes) => {
    pieces.push(bytes);
    return [bytes];
  };
  const wire = new SessionWire({ role, [direction]: record }).run();
  if (until === 'closed') {
    for (const item of items) {
      if (role === 'publish') wire.stream.writeItem(item);
      else wire.play(item);
    }
    wire.run();
    wire.client.close();
    wire.run();
  }
  return joined(...pieces).subarray(1 + 2 * packetLength);
}

/** Chunks of one message each, as a peer may send them between others. */
const loose = messageFixtures
  .filter(({ bytes }) => bytes.length < 128)
  .map(({ typeId, streamId, bytes }) =>
    Uint8Array.from([3, 0, 0, 0, 0, 0, bytes.length, typeId, streamId, 0, 0, 0, ...bytes]),
  );

/** Any bytes will do: the other end compares nothing in the simple handshake. */
const handshake = joined(Uint8Array.of(3), new Uint8Array(2 * packetLength));

/** What a client says until it streams. */
const openings = [
  recorded('publish', 'cutUp', 'streaming'),
  recorded('play', 'cutUp', 'streaming'),
] as const;

const server: Target = {
  name: 'server-session',
  seeds: [recorded('publish', 'cutUp'), recorded('play', 'cutUp'), ...loose],
  generate: (random) => joined(random.pick(openings), generateChunks(random)),
  run: (bytes, random) => {
    const session = new ServerSession();
    const playing: StreamRequest[] = [];
    let written = 0;
    const receive = (piece: Uint8Array): void => {
      let events = session.receive(piece);
      while (events.length > 0) {
        const later: typeof events = [];
        for (const event of events) {
          if (event.type === 'connect') later.push(...session.acceptConnect());
          if (event.type === 'seek') session.answerSeek(event, random.oneIn(2));
          if (event.type !== 'publish' && event.type !== 'play') continue;
          if (random.oneIn(8)) session.reject(event.request, 'NetStream.Failed', 'no');
          else session.accept(event.request);
          if (event.type === 'play') playing.push(event.request);
        }
        events = later;
      }
      for (const request of playing) session.writeItem(request, random.pick(items));
      written += lengthOf(session.drainOutput());
    };
    receive(handshake);
    for (const piece of random.cut(bytes, random.oneIn(3) ? 7 : 2000)) receive(piece);
    for (const request of playing) session.endPlayback(request);
    session.ping(7);
    return written + lengthOf(session.drainOutput()) - 2 * packetLength;
  },
};

const client = (role: 'publish' | 'play', opening: Uint8Array): Target => ({
  name: `client-session-${role}`,
  seeds: [recorded(role, 'cutDown'), ...loose],
  generate: (random) => joined(opening, generateChunks(random)),
  run: (bytes, random) => {
    const session = new ClientSession({
      ...{ app: 'live', tcUrl: 'rtmp://host/live', plays: true },
      capabilities: libraryCapabilities,
    });
    let stream: ClientStream | undefined;
    let written = 0;
    const receive = (piece: Uint8Array): void => {
      for (const event of session.receive(piece)) {
        if (event.type === 'phase' && event.phase === 'streaming') stream = open(session, role);
      }
      if (stream?.state === 'active') use(stream, random);
      written += lengthOf(session.drainOutput());
    };
    receive(handshake);
    for (const piece of random.cut(bytes, random.oneIn(3) ? 7 : 2000)) receive(piece);
    session.ping(7);
    session.close();
    return written + lengthOf(session.drainOutput()) - 2 * packetLength;
  },
});

function open(session: ClientSession, role: 'publish' | 'play'): ClientStream {
  const streamKey = 'key';
  if (role === 'publish') return session.open({ role, streamKey, mode: 'live', body: {} });
  const range = { start: undefined, duration: undefined, reset: undefined, bufferMs: 1000 };
  return session.open({ role, streamKey, ...range });
}

function use(stream: ClientStream, random: Random): void {
  if (stream.role === 'publish') stream.writeItem(random.pick(items));
  else if (random.oneIn(3)) stream.seek(random.below(1000));
  else stream.pause(random.oneIn(2), 7);
}

const handshakes: Target = {
  name: 'handshake',
  seeds: digestHandshakes.flatMap(({ bytes }) => [
    joined(Uint8Array.of(3), bytes.c1, bytes.c2 ?? bytes.s1),
    joined(Uint8Array.of(3), bytes.s1, bytes.s2),
  ]),
  run: (bytes, random) => {
    const digests = nodeDigests;
    const ends = [
      new ServerHandshake({ digests }),
      new ServerHandshake(),
      new ClientHandshake({ kind: 'digest', digests }),
      new ClientHandshake(),
    ];
    const end = random.pick(ends);
    const input = new ByteQueue();
    let written = 0;
    for (const piece of random.cut(bytes, 2000)) {
      input.push(piece);
      const step = end.advance(input);
      if ('output' in step) written += step.output.length;
      if (step.type === 'done' || step.type === 'not-rtmp') break;
    }
    return written - 2 * packetLength;
  },
};

export const sessionTargets: readonly Target[] = [
  handshakes,
  server,
  client('publish', recorded('publish', 'cutDown', 'streaming')),
  client('play', recorded('play', 'cutDown', 'streaming')),
];
