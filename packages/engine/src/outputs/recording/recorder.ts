import { basename } from 'node:path';
import {
  appError,
  AppError,
  reason,
  type AppErrorInfo,
  type RecordingStatus,
  type Wording,
} from '@tallylight/contract';
import type { EncodedPacket } from 'node-rtmp-client';
import type { Output, OutputContext, Pressure } from '../output.js';
import type { StreamDescription } from '../stream-description.js';
import { DiskWatch } from './disk-watch.js';
import { FlvFormat } from './flv-format.js';
import { Mp4Format } from './mp4-format.js';
import type { RecordingFormat, RecordingPiece } from './recording-format.js';
import { RecordingTimeline, type RecordingSplit } from './recording-timeline.js';
import { RecordingWriter } from './recording-writer.js';

/** A disk that falls this many bytes behind is given up: two minutes of 4 Mbit/s. */
const maxPendingBytes = 64 * 1024 * 1024;

export interface RecorderOptions {
  readonly id: string;
  /** The file, which must not exist; or a device or a pipe. One that ends in `.mp4` is MP4, any other is FLV. */
  readonly path: string;
  /** Where it goes on in another file. */
  readonly split?: RecordingSplit | undefined;
}

/**
 * Writes the broadcast to a file, or to several where that is wanted or the stream becomes another one, and never drops a
 * frame of it. A failure ends the recording, not the broadcast: it is told in {@link status}, and what was written so far
 * stays and can be played.
 */
export class Recorder implements Output {
  readonly id: string;
  readonly #path: string;
  readonly #timeline: RecordingTimeline;
  readonly #writer: RecordingWriter;
  readonly #watch: DiskWatch;
  #format: RecordingFormat;
  #description: StreamDescription | undefined;
  #context: OutputContext | undefined;
  #hasFrames = false;
  /** Of the picture. */
  #frames = 0;
  #finishing: Promise<void> | undefined;
  #isFinished = false;
  /** Why it is ended in order before the broadcast is. */
  #endsFor: AppErrorInfo | undefined;
  #error: AppErrorInfo | undefined;

  constructor({ id, path, split }: RecorderOptions) {
    this.id = id;
    this.#path = path;
    this.#timeline = new RecordingTimeline(split);
    this.#format = this.#newFormat();
    this.#writer = new RecordingWriter({
      path,
      onOpen: () => {
        this.#watch.start();
        this.#changed();
      },
      onFailure: (why) => this.#failed(this.#failure(why)),
    });
    this.#watch = new DiskWatch({
      look: () => this.#writer.look(),
      written: () => this.#writer.bytes,
      onTrouble: (trouble) => {
        if (trouble === 'removed') this.#writer.fail(reason('file-removed'));
        else void this.#endFor(this.#failure(reason('disk-nearly-full')));
      },
    });
  }

  get status(): RecordingStatus {
    const { otherPaths, bytes } = this.#writer;
    const { space } = this.#watch;
    return {
      type: 'recording',
      reach: 'local',
      id: this.id,
      name: basename(this.#path),
      state: this.#state(),
      path: this.#path,
      ...(otherPaths.length > 0 && { otherPaths: [...otherPaths] }),
      bytes: this.#hasFrames || !this.#isFinished ? bytes : 0,
      frames: this.#frames,
      durationMs: Math.round(this.#timeline.durationMs),
      ...(this.#timeline.isPaused && { isPaused: true }),
      ...(space && { space }),
      ...(this.#error && { lastError: this.#error }),
    };
  }

  get pressure(): Pressure {
    return this.#writer.pressure;
  }

  open(context: OutputContext): void {
    this.#context = context;
    this.#writer.open();
  }

  start(description: StreamDescription): void {
    this.#description = description;
    this.#append(() => this.#format.start(description), 0, 0);
  }

  change(description: StreamDescription): void {
    this.#description = description;
    this.#append(
      () => {
        this.#format.change(description);
        return [];
      },
      0,
      0,
    );
  }

  push(packet: EncodedPacket): void {
    if (!this.#description || this.#isOver) return;
    for (const item of this.#timeline.push(packet)) {
      if (item.type === 'next-file') this.#append(() => this.#nextFile(), packet.dts / 1000, 0);
      else {
        const { type, track } = item.packet;
        this.#hasFrames ||= type === 'frame';
        if (type === 'frame' && track === 'video') this.#frames += 1;
        const { byteLength } = item.packet.payload;
        this.#append(() => this.#format.push(item.packet), packet.dts / 1000, byteLength);
      }
    }
    if (this.pressure.queuedBytes > maxPendingBytes) this.#writer.fail(reason('disk-too-slow'));
  }

  /** What comes until {@link resume} is left out, and the times go on as if it had not been. */
  pause(): void {
    if (this.#isOver) return;
    this.#timeline.pause();
    this.#changed();
  }

  /** Goes on with the next keyframe, which is asked for. */
  resume(): void {
    if (this.#isOver) return;
    this.#timeline.resume();
    this.#context?.requestKeyframe();
    this.#changed();
  }

  /** Writes what is left and closes the file. One without a single frame is removed, and has no bytes then. */
  finish(): Promise<void> {
    this.#finishing ??= this.#finish();
    return this.#finishing;
  }

  get #isOver(): boolean {
    return this.#error !== undefined || this.#finishing !== undefined;
  }

  #state(): RecordingStatus['state'] {
    if (this.#error) return 'failed';
    if (this.#isFinished) return 'stopped';
    return this.#writer.isOpen ? 'live' : 'connecting';
  }

  #newFormat(): RecordingFormat {
    return /\.mp4$/i.test(this.#path) ? new Mp4Format() : new FlvFormat();
  }

  #nextFile(): readonly RecordingPiece[] {
    const before = this.#format;
    const end = [...before.end(), { patches: before.patches() }];
    this.#format = this.#newFormat();
    return [...end, ...(this.#description ? this.#format.start(this.#description) : [])];
  }

  async #finish(): Promise<void> {
    this.#watch.stop();
    if (this.#description) this.#append(() => this.#format.end(), 0, 0);
    await this.#writer.finish(this.#format.patches(), this.#hasFrames ? 'something' : 'nothing');
    this.#isFinished = true;
    // Never seen as ended as it was wanted, which a failure would contradict.
    if (this.#endsFor && !this.#error) this.#failed(this.#endsFor);
    else this.#changed();
  }

  /** Ends it in order, and then says why. */
  #endFor(error: AppErrorInfo): Promise<void> {
    this.#endsFor ??= error;
    return this.finish();
  }

  #append(make: () => readonly RecordingPiece[], atMs: number, payloadBytes: number): void {
    if (this.#error) return;
    try {
      this.#writer.push(make(), atMs, payloadBytes);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      this.#failed({ ...error.info, data: { ...error.info.data, file: this.#path } });
      this.#writer.fail('');
    }
  }

  #failure(why: Wording): AppErrorInfo {
    return appError('RECORDING_FAILED', { file: this.#path, reason: why }).info;
  }

  #failed(error: AppErrorInfo): void {
    if (this.#error) return;
    this.#watch.stop();
    this.#error = error;
    this.#changed();
  }

  #changed(): void {
    this.#context?.onChange();
  }
}
