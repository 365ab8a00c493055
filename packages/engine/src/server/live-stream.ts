import {
  parseAudioSpecificConfig,
  parseAvcDecoderConfiguration,
  type EncodedPacket,
  type FlvItem,
} from 'node-rtmp-client';
import { PlayerQueue } from './player-queue.js';

/** The group of pictures that is kept for late joiners; a longer one is not kept, and they wait for its end. */
export const maxCachedBytes = 16 * 1024 * 1024;
const maxCachedPackets = 10_000;

/** What others may know of a stream. */
export interface StreamInfo {
  readonly app: string;
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
  readonly players: number;
  readonly video?: { readonly codec: string; readonly width: number; readonly height: number };
  readonly audio?: {
    readonly codec: string;
    readonly sampleRate: number;
    readonly channels: number;
  };
}

/** One publisher's stream and everybody who watches it. */
export class LiveStream {
  readonly app: string;
  readonly name: string;
  readonly #since = Date.now();
  readonly #players = new Set<PlayerQueue>();
  #metadata: FlvItem | undefined;
  #videoConfig: EncodedPacket | undefined;
  #audioConfig: EncodedPacket | undefined;
  #video: StreamInfo['video'];
  #audio: StreamInfo['audio'];
  #cached: FlvItem[] = [];
  #cachedBytes = 0;
  #hasPicture = false;
  #ended = false;

  constructor(app: string, name: string) {
    this.app = app;
    this.name = name;
  }

  get info(): StreamInfo {
    return {
      app: this.app,
      name: this.name,
      since: this.#since,
      players: this.#players.size,
      ...(this.#video && { video: this.#video }),
      ...(this.#audio && { audio: this.#audio }),
    };
  }

  push(item: FlvItem): void {
    if (this.#ended) return;
    if (item.type === 'metadata') this.#metadata = item;
    else if (item.type === 'packet' && item.packet.type === 'config') this.#configure(item.packet);
    else if (item.type === 'packet') this.#cache(item, item.packet);
    for (const player of this.#players) player.push(item);
  }

  /** A new player gets the headers, then everything since the last keyframe, or from the next one on. */
  join(): PlayerQueue {
    const player = new PlayerQueue();
    if (this.#metadata) player.push(this.#metadata);
    for (const packet of [this.#videoConfig, this.#audioConfig]) {
      if (packet) player.push({ type: 'packet', packet });
    }
    for (const item of this.#cached) player.push(item);
    if (this.#hasPicture && this.#cached.length === 0) player.awaitKeyframe();
    if (this.#ended) player.end();
    else this.#players.add(player);
    return player;
  }

  leave(player: PlayerQueue): void {
    this.#players.delete(player);
    player.end();
  }

  end(): void {
    this.#ended = true;
    for (const player of this.#players) player.end();
    this.#players.clear();
  }

  #configure(packet: EncodedPacket): void {
    if (packet.track === 'video') {
      const before = this.#videoConfig?.payload;
      this.#videoConfig = packet;
      if (before && Buffer.compare(before, packet.payload) === 0) return;
      // Frames in the cache belong to the configuration before; a late joiner could not decode them.
      this.#clearCache();
      this.#video = readOrNothing(() => {
        const { width, height } = parseAvcDecoderConfiguration(packet.payload);
        return { codec: packet.codec, width, height };
      });
    } else {
      this.#audioConfig = packet;
      this.#audio = readOrNothing(() => {
        const { sampleRate, channels } = parseAudioSpecificConfig(packet.payload);
        return { codec: packet.codec, sampleRate, channels };
      });
    }
  }

  #cache(item: FlvItem, packet: EncodedPacket): void {
    if (packet.track === 'video') this.#hasPicture = true;
    const startsGroup = packet.track === 'video' && packet.keyframe;
    if (startsGroup) this.#clearCache();
    else if (this.#cached.length === 0) return;
    this.#cached.push(item);
    this.#cachedBytes += packet.payload.byteLength;
    if (this.#cachedBytes > maxCachedBytes || this.#cached.length > maxCachedPackets) {
      this.#clearCache();
    }
  }

  #clearCache(): void {
    this.#cached = [];
    this.#cachedBytes = 0;
  }
}

/** What a broken configuration would say is only missing from the list; its bytes are relayed as they are. */
function readOrNothing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
