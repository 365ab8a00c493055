import { createReadStream, createWriteStream, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import { until } from '../../../test/support/until.js';
import {
  FlvDemuxer,
  FlvMuxer,
  parseRtmpUrl,
  play,
  publish,
  RtmpServer,
  type EncodedPacket,
  type FlvItem,
  type RtmpClientOptions,
  type RtmpPlayback,
  type RtmpPlayer,
  type RtmpServerOptions,
} from '../src/index.js';
import { stopsGrowing } from './file-growth.js';
import type { Player, Publisher, Server, Serving } from './roles.js';

export const ours = 'node-rtmp-client';

type ClientExtras = Omit<RtmpClientOptions, 'address' | 'streamKey'>;

export function clientOptions(url: string, extras: ClientExtras = {}): RtmpClientOptions {
  const slash = url.lastIndexOf('/');
  return {
    ...extras,
    address: parseRtmpUrl(url.slice(0, slash)),
    streamKey: url.slice(slash + 1),
  };
}

export interface OurPublisher extends Publisher {
  /**
   * `arrives`: the configurations are said again and again until it is true, and only then the first frame; for relays
   * that take a stream before they are through to where it goes.
   */
  publish(url: string, clip: string, arrives?: () => boolean): Promise<void>;
}

const isFrame = (item: FlvItem): boolean => item.type === 'packet' && item.packet.type === 'frame';

export const ourPublisher = (extras: ClientExtras = {}): OurPublisher => ({
  name: ours,
  publish: async (url, clip, arrives) => {
    const publisher = await publish(clientOptions(url, extras));
    const configurations: EncodedPacket[] = [];
    const hasArrived = (): Promise<unknown> =>
      until('the stream to arrive', async () => {
        for (const packet of configurations) await publisher.write(packet);
        return arrives?.() ?? true;
      });
    let begun = arrives === undefined;
    const demuxer = new FlvDemuxer();
    for await (const bytes of createReadStream(clip)) {
      for (const item of demuxer.push(bytes as Uint8Array)) {
        if (!begun && isFrame(item)) {
          await hasArrived();
          begun = true;
        }
        if (item.type === 'metadata') await publisher.writeMetadata(item.value);
        if (item.type !== 'packet') continue;
        await publisher.write(item.packet);
        if (item.packet.type === 'config') configurations.push(item.packet);
      }
    }
    await publisher.close();
    const reason = await publisher.closed;
    if (reason !== undefined) throw reason;
  },
});

export const ourPlayer = (extras: ClientExtras = {}): Player => ({
  name: ours,
  play: (url, file) => {
    const output = createWriteStream(file);
    const opening = play(clientOptions(url, extras));
    const done = opening.then((player) => record(player, output));
    done.catch(() => undefined); // Told to whoever waits for `finish`.
    return {
      finish: async () => {
        const quiet = stopsGrowing(file);
        quiet.catch(() => undefined);
        const end = await Promise.race([
          done.then(() => 'told' as const),
          quiet.then(() => 'interrupted' as const),
        ]);
        await (await opening).close();
        await done;
        return end;
      },
      stop: async () => {
        (await opening.catch(() => undefined))?.abort();
        output.destroy();
      },
    };
  },
});

async function record(player: RtmpPlayer, output: WriteStream): Promise<void> {
  const muxer = new FlvMuxer();
  for (const bytes of muxer.header()) output.write(bytes);
  for await (const item of player) {
    if (item.type !== 'packet') continue;
    for (const bytes of muxer.packet(item.packet)) output.write(bytes);
  }
  output.end();
  await once(output, 'close');
  const reason = await player.closed;
  // Some servers have no other way to say that a stream is over than to hang up.
  if (reason !== undefined && reason.code !== 'closed') throw reason;
}

export interface OurServing extends Serving {
  /** Resolves once somebody publishes the stream. */
  hasPublisher(streamName: string): Promise<void>;
  /** True once anything of it has come. */
  hasItems(streamName: string): boolean;
}

/** Our server as the shortest of relays: who plays waits for who publishes, and misses nothing. */
export const ourServer = (
  options: RtmpServerOptions = {},
): Server & { start(): Promise<OurServing> } => ({
  name: ours,
  start: async () => {
    const publishers = new Set<string>();
    const arrived = new Set<string>();
    const players = new Map<string, Set<RtmpPlayback>>();
    const playersOf = (path: string): Set<RtmpPlayback> => {
      const known = players.get(path) ?? new Set<RtmpPlayback>();
      players.set(path, known);
      return known;
    };
    const server = new RtmpServer(
      {
        onPublish: async (ingest) => {
          ingest.accept();
          publishers.add(ingest.streamName);
          const audience = playersOf(ingest.streamName);
          const send = (item: FlvItem): Promise<unknown> =>
            Promise.allSettled([...audience].map((playback) => playback.write(item)));
          for await (const item of ingest.items) {
            arrived.add(ingest.streamName);
            await send(item);
          }
          for (const playback of audience) playback.end();
        },
        onPlay: (playback) => {
          playback.accept();
          const audience = playersOf(playback.streamName).add(playback);
          void playback.closed.then(() => audience.delete(playback));
        },
      },
      options,
    );
    const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
    const scheme = options.tls === undefined ? 'rtmp' : 'rtmps';
    return {
      urlOf: (streamName) => `${scheme}://127.0.0.1:${port}/live/${streamName}`,
      hasPlayer: async (streamName) => {
        await until(`a player of ${streamName}`, () => playersOf(streamName).size > 0);
      },
      hasPublisher: async (streamName) => {
        await until(`a publisher of ${streamName}`, () => publishers.has(streamName));
      },
      hasItems: (streamName) => arrived.has(streamName),
      stop: () => server.close(),
    };
  },
});
