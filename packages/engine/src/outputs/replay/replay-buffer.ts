import { basename } from 'node:path';
import {
  AppError,
  appError,
  mostRemembered,
  reason,
  type ReplaySave,
  type ReplayStatus,
} from '@tallylight/contract';
import type { EncodedPacket } from 'node-rtmp-client';
import { wait } from 'node-rtmp-client/async';
import { toErrorInfo } from '../../app-error.js';
import {
  isOver,
  type Output,
  type OutputContext,
  type Pressure,
  type SavedFile,
} from '../output.js';
import type { StreamDescription } from '../stream-description.js';

/** Whatever the bitrate is: five minutes of 12 Mbit/s. Bytes. */
const maxBytes = 450 * 1024 * 1024;

/** Saves that may wait for the one before. */
const mostWaiting = 4;

/** So many packets are given to a file at a time, between which the broadcast goes on. */
const batch = 64;
/** A file takes more once it is no further behind. Bytes. */
const aheadBytes = 8 * 1024 * 1024;
/** Milliseconds after which a disk that takes nothing is not waited for any longer. */
const stuckMs = 10_000;

/** From a keyframe up to the next. */
interface Group {
  /** Microseconds. */
  readonly start: number;
  readonly description: StreamDescription;
  /** The newest of each track when it begins. */
  readonly configs: readonly EncodedPacket[];
  readonly packets: EncodedPacket[];
  bytes: number;
}

export interface ReplayBufferOptions {
  readonly id: string;
  /** How much is held, at least; up to a group of pictures more. */
  readonly seconds: number;
  /** A recording into a new file, which is used up by that. */
  readonly openRecording: (path: string) => Output;
}

/**
 * Keeps the newest seconds of a broadcast in memory, as they were encoded, from a keyframe on; {@link save} writes them
 * into a file while the broadcast goes on.
 */
export class ReplayBuffer implements Output {
  readonly id: string;
  readonly pressure: Pressure = { queuedMs: 0, queuedBytes: 0 };
  readonly #o: ReplayBufferOptions;
  #onChange: () => void = () => undefined;
  #description: StreamDescription | undefined;
  readonly #configs = new Map<EncodedPacket['track'], EncodedPacket>();
  #hasVideo = false;
  #groups: Group[] = [];
  #bytes = 0;
  #newest = 0;
  #waiting = 0;
  #saving: Promise<unknown> = Promise.resolve();
  #isFinished = false;
  #saves: readonly ReplaySave[] = [];
  #saveCount = 0;

  constructor(options: ReplayBufferOptions) {
    this.id = options.id;
    this.#o = options;
  }

  get status(): ReplayStatus {
    const [first] = this.#groups;
    // Why the newest one was not saved.
    const lastError = this.#saves.at(-1)?.error;
    return {
      type: 'replay',
      reach: 'memory',
      id: this.id,
      name: this.id,
      state: this.#isFinished ? 'stopped' : first ? 'live' : 'connecting',
      seconds: this.#o.seconds,
      heldMs: first ? Math.round((this.#newest - first.start) / 1000) : 0,
      heldBytes: this.#bytes,
      ...(this.#waiting > 0 && { isSaving: true }),
      ...(this.#saves.length > 0 && { saves: [...this.#saves], saveCount: this.#saveCount }),
      ...(lastError && { lastError }),
    };
  }

  open({ onChange }: OutputContext): void {
    this.#onChange = onChange;
  }

  start(description: StreamDescription): void {
    this.#description = description;
  }

  change(description: StreamDescription): void {
    this.#description = description;
  }

  push(packet: EncodedPacket): void {
    if (!this.#description || this.#isFinished) return;
    this.#hasVideo ||= packet.track === 'video';
    if (packet.type === 'config') this.#configs.set(packet.track, packet);
    else if (packet.keyframe && (packet.track === 'video' || !this.#hasVideo)) {
      const configs = [...this.#configs.values()];
      const description = this.#description;
      this.#groups.push({ start: packet.dts, description, configs, packets: [], bytes: 0 });
    }
    const group = this.#groups.at(-1);
    if (!group) return;
    group.packets.push(packet);
    group.bytes += packet.payload.byteLength;
    this.#bytes += packet.payload.byteLength;
    this.#newest = Math.max(this.#newest, packet.dts);
    this.#evict();
  }

  /**
   * Writes what is held now into a new file, behind what is being saved already.
   *
   * @throws AppError `RECORDING_FAILED`.
   */
  save(path: string): Promise<SavedFile> {
    this.#waiting += 1;
    const before = this.#saving;
    const saved = this.#saveBehind(before, path);
    // Whoever waits for the end finds all of them noted.
    this.#saving = Promise.allSettled([before, saved]);
    this.#onChange();
    return saved;
  }

  async #saveBehind(before: Promise<unknown>, path: string): Promise<SavedFile> {
    const name = basename(path);
    try {
      const groups = this.#groups.map((group) => ({ ...group, packets: [...group.packets] }));
      if (groups.length === 0) throw failure(path, 'replay-empty');
      if (this.#waiting > mostWaiting + 1) throw failure(path, 'replay-busy');
      await before;
      const file = await this.#write(path, groups);
      const { otherPaths, ...rest } = file;
      this.#note({ name, ...rest, ...(otherPaths && { otherPaths: [...otherPaths] }) });
      return file;
    } catch (error) {
      this.#note({ name, path, bytes: 0, durationMs: 0, error: toErrorInfo(error) });
      throw error;
    } finally {
      this.#waiting -= 1;
      this.#onChange();
    }
  }

  #note(save: ReplaySave): void {
    this.#saves = [...this.#saves, save].slice(-mostRemembered);
    this.#saveCount += 1;
  }

  /** What is being saved is saved to its end, which has deadlines of its own; the rest is given up. */
  async finish(): Promise<void> {
    this.#isFinished = true;
    this.#groups = [];
    this.#bytes = 0;
    await this.#saving;
    this.#onChange();
  }

  #evict(): void {
    const from = this.#newest - this.#o.seconds * 1_000_000;
    while (this.#bytes > maxBytes || (this.#groups[1]?.start ?? Infinity) <= from) {
      this.#bytes -= this.#groups.shift()?.bytes ?? 0;
    }
  }

  async #write(path: string, groups: readonly Group[]): Promise<SavedFile> {
    const file = this.#o.openRecording(path);
    file.open({ onChange: () => undefined, requestKeyframe: () => undefined });
    await fill(file, groups);
    await file.finish('stopped');
    const { status } = file;
    if (status.lastError) throw new AppError(status.lastError);
    if (status.type !== 'recording') throw new Error('not saved into a file');
    const { otherPaths, bytes, durationMs = 0 } = status;
    return { path, ...(otherPaths && { otherPaths }), bytes, durationMs };
  }
}

/** Gives a file everything, at its own pace; less where it takes no more. */
async function fill(file: Output, groups: readonly Group[]): Promise<void> {
  let description: StreamDescription | undefined;
  let count = 0;
  for (const group of groups) {
    if (description === undefined) {
      file.start(group.description);
      const at = { dts: group.start, pts: group.start };
      for (const config of group.configs) file.push({ ...config, ...at });
    } else if (description !== group.description) file.change(group.description);
    description = group.description;
    for (const packet of group.packets) {
      file.push(packet);
      count += 1;
      if (count % batch === 0 && !(await hasRoom(file))) return;
    }
  }
}

/** Resolves once the file has caught up; with false where it does not. */
async function hasRoom(file: Output): Promise<boolean> {
  const until = performance.now() + stuckMs;
  do {
    await wait(0);
    if (isOver(file.status)) return false;
    if (file.pressure.queuedBytes < aheadBytes) return true;
  } while (performance.now() < until);
  return false;
}

const failure = (file: string, why: 'replay-empty' | 'replay-busy'): Error =>
  appError('RECORDING_FAILED', { file, reason: reason(why) });
