import type {
  FlvItem,
  LiveHub,
  LiveHubEvent,
  LiveStream,
  LiveStreamInfo,
  RtmpIngest,
  RtmpPlayback,
} from 'node-rtmp-client';
import { SegmentViewers, type SegmentRequest } from './segment-viewers.js';
import {
  payloadBytes,
  protocols,
  Traffic,
  type ConnectedProtocol,
  type Protocol,
  type SegmentProtocol,
} from './traffic.js';

/** Whom the server did not let in. */
type RefusedRole = 'publisher' | 'player' | 'connection';

interface RefusedCount {
  readonly role: RefusedRole;
  /** A code of the contract's reasons. */
  readonly reason: string;
  readonly count: number;
}

/** Bytes are those of pictures and sound, frames those of every track. */
export interface TrafficInfo {
  readonly bytesIn: number;
  readonly framesIn: { readonly video: number; readonly audio: number };
  readonly bytesOut: number;
  /** Frames that players never got because they were too slow. */
  readonly framesDropped: number;
  readonly protocols: Readonly<
    Record<Protocol, { readonly players: number; readonly bytesOut: number }>
  >;
}

export interface StreamStatistics extends LiveStreamInfo, TrafficInfo {}

/** What `/api/stat` gives. Nothing in it is a secret of whoever publishes or plays. */
export interface StatisticsSnapshot {
  /** When the server was made, milliseconds since the epoch. */
  readonly since: number;
  readonly uptimeSeconds: number;
  /** Resident memory of the process. */
  readonly memoryBytes: number;
  readonly connections: { readonly rtmp: number; readonly http: number };
  /** Streams that have begun so far. */
  readonly published: number;
  readonly refused: readonly RefusedCount[];
  /** Since the server was made, streams that have ended included. */
  readonly total: TrafficInfo;
  /** What is live now. */
  readonly streams: readonly StreamStatistics[];
}

/** What is given to one player that stays connected. */
export interface PlayerAccount {
  sent(bytes: number): void;
  left(): void;
}

interface LiveEntry {
  readonly stream: LiveStream;
  readonly traffic: Traffic;
}

/** Counts what comes in, goes out and is refused. */
export class ServerStatistics {
  readonly #since = Date.now();
  readonly #hub: LiveHub;
  readonly #connections: () => StatisticsSnapshot['connections'];
  readonly #total = new Traffic();
  /** What is live, in the order in which it began. */
  readonly #live = new Map<string, LiveEntry>();
  readonly #viewers = new SegmentViewers();
  readonly #refused = new Map<string, RefusedCount>();
  #published = 0;
  /** Of streams that have ended. */
  #droppedBefore = 0;

  /** @param connections how many there are now. */
  constructor(hub: LiveHub, connections: () => StatisticsSnapshot['connections']) {
    this.#hub = hub;
    this.#connections = connections;
    hub.watch((event) => this.#follow(event));
  }

  /** A publisher whose items are counted. */
  publisher(ingest: RtmpIngest): RtmpIngest {
    const { app, streamName } = ingest;
    return {
      ...ingest,
      accept: (onItem) =>
        ingest.accept(
          onItem &&
            ((item) => {
              this.#received(app, streamName, item);
              onItem(item);
            }),
        ),
    };
  }

  /** A player whose items are counted. */
  player(playback: RtmpPlayback): RtmpPlayback {
    const { app, streamName } = playback;
    let account: PlayerAccount | undefined;
    void playback.closed.then(() => account?.left());
    return {
      ...playback,
      accept: (control) => {
        account = this.play(app, streamName, 'rtmp');
        playback.accept(control);
      },
      writeAll: (items) => {
        account?.sent(items.reduce((sum, item) => sum + payloadBytes(item), 0));
        return playback.writeAll(items);
      },
    };
  }

  /** A player has come, and stays connected until it has left. */
  play(app: string, name: string, protocol: ConnectedProtocol): PlayerAccount {
    const accounts = this.#accounts(app, name);
    for (const { players } of accounts) players[protocol] += 1;
    let isThere = true;
    return {
      sent: (bytes) => {
        for (const { bytesOut } of accounts) bytesOut[protocol] += bytes;
      },
      left: () => {
        if (isThere) for (const { players } of accounts) players[protocol] -= 1;
        isThere = false;
      },
    };
  }

  /** Somebody asks for a part of a stream that there is. @returns where to count what is sent. */
  view(app: string, name: string, request: SegmentRequest): (bytes: number) => void {
    const protocol = this.#viewers.see(keyOf(app, name), request, performance.now());
    return (bytes) => {
      for (const { bytesOut } of this.#accounts(app, name)) bytesOut[protocol] += bytes;
    };
  }

  refuse(role: RefusedRole, reason: string): void {
    const key = `${role} ${reason}`;
    const count = (this.#refused.get(key)?.count ?? 0) + 1;
    this.#refused.set(key, { role, reason, count });
  }

  snapshot(): StatisticsSnapshot {
    const viewers = this.#viewers.count(performance.now());
    const streams = [...this.#live].map(([key, { stream, traffic }]): StreamStatistics => {
      const info = trafficInfo(traffic, stream.droppedFrames, viewers.get(key));
      const players = Object.values(info.protocols).reduce((sum, each) => sum + each.players, 0);
      return { ...stream.info, ...info, players };
    });
    const dropped = streams.reduce((sum, { framesDropped }) => sum + framesDropped, 0);
    return {
      since: this.#since,
      uptimeSeconds: Math.floor((Date.now() - this.#since) / 1000),
      memoryBytes: process.memoryUsage.rss(),
      connections: this.#connections(),
      published: this.#published,
      refused: [...this.#refused.values()],
      total: trafficInfo(this.#total, this.#droppedBefore + dropped, sumOf(viewers.values())),
      streams,
    };
  }

  #follow({ type, stream: { app, name } }: LiveHubEvent): void {
    const key = keyOf(app, name);
    const stream = this.#hub.find(app, name);
    if (type === 'published' && stream) {
      this.#published += 1;
      this.#live.set(key, { stream, traffic: new Traffic() });
      return;
    }
    this.#droppedBefore += this.#live.get(key)?.stream.droppedFrames ?? 0;
    this.#live.delete(key);
  }

  #received(app: string, name: string, item: FlvItem): void {
    if (!('packet' in item)) return;
    const { type, track, payload } = item.packet;
    for (const traffic of this.#accounts(app, name)) {
      traffic.bytesIn += payload.byteLength;
      if (type === 'frame') traffic.framesIn[track] += 1;
    }
  }

  #accounts(app: string, name: string): readonly Traffic[] {
    const live = this.#live.get(keyOf(app, name));
    return live ? [this.#total, live.traffic] : [this.#total];
  }
}

type SegmentCounts = Readonly<Record<SegmentProtocol, number>>;

function trafficInfo(
  { bytesIn, framesIn, bytesOut, players }: Traffic,
  framesDropped: number,
  viewers: SegmentCounts = { hls: 0, dash: 0 },
): TrafficInfo {
  const there = { ...players, ...viewers };
  const of = (protocol: Protocol) => ({
    players: there[protocol],
    bytesOut: bytesOut[protocol],
  });
  return {
    ...{ bytesIn, framesIn: { ...framesIn }, framesDropped },
    bytesOut: protocols.reduce((sum, protocol) => sum + bytesOut[protocol], 0),
    protocols: {
      ...{ rtmp: of('rtmp'), 'http-flv': of('http-flv'), 'ws-flv': of('ws-flv') },
      ...{ hls: of('hls'), dash: of('dash') },
    },
  };
}

function sumOf(counts: Iterable<SegmentCounts>): SegmentCounts {
  const sum = { hls: 0, dash: 0 };
  for (const { hls, dash } of counts) {
    sum.hls += hls;
    sum.dash += dash;
  }
  return sum;
}

const keyOf = (app: string, name: string): string => JSON.stringify([app, name]);
