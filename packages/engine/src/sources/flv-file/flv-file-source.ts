import { basename } from 'node:path';
import { appError, reason, type Reason } from '@tallylight/contract';
import { ContinuousTimeline, type EncodedPacket } from 'node-rtmp-client';
import { whyUnreadable } from '../../file-failure.js';
import type { PreparableSource } from '../ffmpeg/restartable-source.js';
import type { MeasuredMedia, SourceStatus } from '../media-source.js';
import { Pace } from '../pace.js';
import { withParameterSets } from '../parameter-sets.js';
import { sameConfig } from '../same-config.js';
import { examineFlvFile, type FlvTracks } from './examine-flv-file.js';
import { readFlvFile, type FlvFileEnd } from './read-flv-file.js';

/**
 * An FLV file that is sent as it is: read here and not by ffmpeg, which changes times that lie before their decode
 * times, and does not know every codec that FLV and RTMP carry.
 */
export class FlvFileSource implements PreparableSource {
  readonly name: string;
  readonly #path: string;
  #prepared: Promise<FlvTracks> | undefined;
  #tracks: FlvTracks | undefined;

  constructor(path: string) {
    this.name = basename(path);
    this.#path = path;
  }

  get hasAudio(): boolean {
    return this.#tracks?.audio !== undefined;
  }

  get hasVideo(): boolean {
    return this.#tracks?.video !== undefined;
  }

  /** Nobody has measured its rates. */
  get measured(): MeasuredMedia {
    const { video, audio } = this.#tracks ?? {};
    return { ...(video && { videoCodec: video }), ...(audio && { audioCodec: audio }) };
  }

  get status(): SourceStatus {
    return { droppedFrames: 0, notes: this.#notes() };
  }

  /** @throws AppError FILE_UNREADABLE, CODEC_NOT_COPYABLE. */
  prepare(): Promise<FlvTracks> {
    this.#prepared ??= examineFlvFile(this.#path).then((tracks) => (this.#tracks = tracks));
    return this.#prepared;
  }

  async *packets(signal: AbortSignal): AsyncGenerator<EncodedPacket, void, undefined> {
    await this.prepare();
    const timeline = new ContinuousTimeline();
    const configs = new ChangedConfigs();
    const pace = new Pace();
    const items = readFlvFile(this.#path, signal);
    for (;;) {
      const next = await this.#guard(items.next(), signal);
      if (next === undefined) return;
      if (next.done === true) {
        this.#throwOn(next.value);
        return;
      }
      const { value: item } = next;
      if (item.type !== 'packet' || (item.packet.trackId ?? 0) !== 0) continue;
      for (const packet of configs.note(item.packet)) {
        const shift =
          packet.type === 'config'
            ? timeline.place(packet.dts) - packet.dts
            : timeline.shiftOf(packet.track, packet.dts);
        const moved = { ...packet, dts: packet.dts + shift, pts: packet.pts + shift };
        // A configuration goes before a frame, whatever its own time is.
        if (packet.type === 'frame') await pace.wait(moved.dts, signal);
        if (signal.aborted) return;
        yield moved;
      }
    }
  }

  /** The next item; undefined once nobody wants it. @throws AppError */
  async #guard<T>(next: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
    try {
      const item = await next;
      return signal.aborted ? undefined : item;
    } catch (error) {
      if (signal.aborted) return undefined;
      const data = { file: this.#path, reason: whyUnreadable(error) };
      throw appError('FILE_UNREADABLE', data, { phase: 'camera', cause: error });
    }
  }

  #throwOn(end: FlvFileEnd): void {
    if (end === 'whole') return;
    throw appError('FILE_DAMAGED', { file: this.#path, reason: reason(end) }, { phase: 'camera' });
  }

  #notes(): Reason[] {
    return this.#tracks === undefined || this.#tracks.video !== undefined
      ? []
      : [reason('sound-only')];
  }
}

/**
 * Which configurations are news. One that changes goes also within its first keyframe, from where decoders of H.264 and
 * HEVC take it.
 */
class ChangedConfigs {
  readonly #known = new Map<EncodedPacket['track'], EncodedPacket>();
  #changed: EncodedPacket | undefined;

  note(packet: EncodedPacket): EncodedPacket[] {
    if (packet.type === 'config') {
      const known = this.#known.get(packet.track);
      if (known && sameConfig(known, packet)) return [];
      if (known && packet.track === 'video') this.#changed = packet;
      this.#known.set(packet.track, packet);
      return [packet];
    }
    const changed = this.#changed;
    if (changed === undefined || packet.track !== 'video' || !packet.keyframe) return [packet];
    this.#changed = undefined;
    return [withParameterSets(packet, changed)];
  }
}
