import type { FlvItem, OpaqueItem, PacketItem } from '../flv/flv-item.js';
import { itemBytes } from '../flv/item-bytes.js';
import type { MediaPacket } from '../flv/opaque-packet.js';
import { ContinuousTimeline } from './continuous-timeline.js';
import { itemAt, shiftItem, timeOf } from '../flv/item-time.js';
import { keptItem } from './kept-item.js';
import {
  describeAudio,
  describeVideo,
  type LiveAudioInfo,
  type LiveStreamInfo,
  type LiveVideoInfo,
} from './live-stream-info.js';
import { PlayerQueue } from './player-queue.js';
import { isHeader, StreamHeaders } from './stream-headers.js';

/** The group of pictures that is kept for late joiners; a longer one is not kept, and they wait for its end. */
export const defaultGroupBytes = 16 * 1024 * 1024;
const maxGroupItems = 10_000;

/**
 * From so many players on, what comes within a short time goes to all of them together, since each call of the system for
 * each player costs about as much as what is sent with it. The more they are, the longer: milliseconds for each player, and
 * at most.
 */
const crowd = { players: 16, waitMsEach: 0.5, mostWaitMs: 100 } as const;

/** Bounds of what a stream keeps in memory. */
export interface LiveStreamLimits {
  /** Payload bytes of the group of pictures that is kept for late joiners. */
  readonly maxGroupBytes?: number;
  /** Payload bytes that may wait for one player. */
  readonly maxQueuedBytes?: number;
}

/** One publisher's stream and everybody who watches it. */
export class LiveStream {
  readonly app: string;
  readonly name: string;
  readonly #limits: LiveStreamLimits;
  readonly #since = Date.now();
  readonly #players = new Map<PlayerQueue, 'player' | 'observer'>();
  readonly #headers = new StreamHeaders();
  #video: LiveVideoInfo | undefined;
  #audio: LiveAudioInfo | undefined;
  /** Everything since the last keyframe of the default picture. */
  #group: FlvItem[] = [];
  #groupBytes = 0;
  /** The picture by whose keyframes groups are made: the video track with the lowest id. */
  #picture: number | undefined;
  readonly #timeline = new ContinuousTimeline();
  #ended = false;
  /** Of players that have left. */
  #droppedBefore = 0;
  #wakeTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(app: string, name: string, limits: LiveStreamLimits = {}) {
    this.app = app;
    this.name = name;
    this.#limits = limits;
  }

  /** Nothing comes any more. */
  get hasEnded(): boolean {
    return this.#ended;
  }

  /** What others may know of it now. */
  get info(): LiveStreamInfo {
    return {
      app: this.app,
      name: this.name,
      since: this.#since,
      players: [...this.#players.values()].filter((role) => role === 'player').length,
      ...(this.#video && { video: this.#video }),
      ...(this.#audio && { audio: this.#audio }),
    };
  }

  /** Frames that its players never got because they were too slow, those who have left included. */
  get droppedFrames(): number {
    let frames = this.#droppedBefore;
    for (const [player, role] of this.#players)
      if (role === 'player') frames += player.droppedFrames;
    return frames;
  }

  /** The next item of the publisher. Without effect once the stream has ended. */
  push(published: FlvItem): void {
    if (this.#ended) return;
    const item = this.#inTime(keptItem(published));
    if ('packet' in item) {
      this.#describe(item.packet);
      if (item.packet.type === 'config') this.#forgetOlder(item.packet);
    }
    this.#headers.see(item);
    if (!isHeader(item)) this.#keepInGroup(item);
    for (const player of this.#players.keys()) player.add(item);
    const { size } = this.#players;
    const waitMs = Math.min(size * crowd.waitMsEach, crowd.mostWaitMs);
    if (size < crowd.players) this.#wake();
    else this.#wakeTimer ??= setTimeout(() => this.#wake(), waitMs);
  }

  /**
   * A new player gets the headers, then everything since the last keyframe, or from the next one on.
   *
   * @param role an 'observer', such as a recording, is served as a player is, and not counted among them.
   */
  join(role: 'player' | 'observer' = 'player'): PlayerQueue {
    const player = new PlayerQueue(this.#limits.maxQueuedBytes);
    const [first] = this.#group;
    for (const item of this.#headers.items(first ? timeOf(first) : this.#timeline.newest))
      player.push(item);
    for (const item of this.#group) player.push(item);
    if (this.#picture !== undefined && this.#group.length === 0) player.awaitKeyframe();
    if (this.#ended) player.end();
    else this.#players.set(player, role);
    return player;
  }

  /** Takes a player out, which comes to its end. Without effect for one that has left. */
  leave(player: PlayerQueue): void {
    if (this.#players.get(player) === 'player') this.#droppedBefore += player.droppedFrames;
    this.#players.delete(player);
    player.end();
  }

  /**
   * Makes ready for another publisher, whose times begin anew: players stay, and go on with its first keyframe where
   * the last publisher stopped.
   */
  replacePublisher(): void {
    this.#clearGroup();
    this.#headers.clear();
    this.#picture = undefined;
    this.#video = undefined;
    this.#audio = undefined;
    this.#timeline.restart();
    for (const player of this.#players.keys()) player.awaitPublisher();
  }

  /** Ends the stream: players get what waits for them, then come to their end. */
  end(): void {
    this.#ended = true;
    this.#droppedBefore = this.droppedFrames;
    clearTimeout(this.#wakeTimer);
    for (const player of this.#players.keys()) player.end();
    this.#players.clear();
  }

  #wake(): void {
    clearTimeout(this.#wakeTimer);
    this.#wakeTimer = undefined;
    for (const player of this.#players.keys()) player.wake();
  }

  /** The publisher's clock may be set while it publishes, or be another one's from now on. */
  #inTime(published: FlvItem): FlvItem {
    const time = timeOf(published);
    if (time === undefined) return published;
    if (!isFrame(published)) {
      const at = this.#timeline.place(time);
      return at === time ? published : itemAt(published, at);
    }
    const { track, trackId = 0 } = published.packet;
    const shift = this.#timeline.shiftOf(`${track} ${trackId}`, time, performance.now() * 1000);
    return shift === 0 ? published : shiftItem(published, shift);
  }

  #describe(packet: MediaPacket): void {
    const { type, trackId = 0 } = packet;
    const metadata = this.#headers.metadata?.value;
    if (packet.track === 'video') {
      if (this.#picture === undefined || trackId < this.#picture) this.#picture = trackId;
      if (trackId !== this.#picture || (type === 'frame' && this.#video)) return;
      this.#video = describeVideo(packet, metadata);
    } else if (trackId === 0 && (type === 'config' || !this.#audio)) {
      this.#audio = describeAudio(packet, metadata);
    }
  }

  /** Frames that are kept belong to the configuration before; a late joiner could not decode them. */
  #forgetOlder(config: MediaPacket): void {
    const before = this.#headers.configLike(config);
    if (before && !sameBytes(before.payload, config.payload)) this.#forget(config);
  }

  #keepInGroup(item: FlvItem): void {
    if ('packet' in item && this.#startsGroup(item.packet)) this.#clearGroup();
    else if (this.#group.length === 0) return;
    this.#group.push(item);
    if ('packet' in item) this.#groupBytes += item.packet.payload.byteLength;
    const { maxGroupBytes = defaultGroupBytes } = this.#limits;
    if (this.#groupBytes > maxGroupBytes || this.#group.length > maxGroupItems) this.#clearGroup();
  }

  #startsGroup({ track, keyframe, trackId = 0 }: MediaPacket): boolean {
    return track === 'video' && keyframe && trackId === this.#picture;
  }

  /** Takes the frames of a track out of the group; without the default picture it is none. */
  #forget({ track, trackId = 0 }: MediaPacket): void {
    if (track === 'video' && trackId === this.#picture) {
      this.#clearGroup();
      return;
    }
    const isOther = (item: FlvItem): boolean =>
      !('packet' in item) || item.packet.track !== track || (item.packet.trackId ?? 0) !== trackId;
    this.#group = this.#group.filter(isOther);
    this.#groupBytes = this.#group.reduce((bytes, item) => bytes + itemBytes(item), 0);
  }

  #clearGroup(): void {
    this.#group = [];
    this.#groupBytes = 0;
  }
}

const isFrame = (item: FlvItem): item is PacketItem | OpaqueItem =>
  'packet' in item && item.packet.type === 'frame';

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);
