import { type AppError, appError, type InboundChannelMessage, reason } from '@tallylight/contract';
import {
  iterateLengthPrefixed,
  parseAudioSpecificConfig,
  parseAvcDecoderConfiguration,
  type EncodedPacket,
} from 'node-rtmp-client';
import { TrackMerger } from './track-merger.js';

type Config = InboundChannelMessage & { type: 'config' };
type Frame = InboundChannelMessage & { type: 'frame' };

/** Samples in a frame of AAC-LC. */
const aacFrameSamples = 1024;

/**
 * How long before it is shown a picture is decoded, in microseconds, where there is sound: three AAC frames at 48 kHz.
 *
 * What is sent is in the order of decode times, and an AAC frame is there three frames after its first sample: two
 * that it takes to come in whole, with what the encoder looks ahead, and one that the encoder puts before the first.
 * A picture that was decoded when it is shown would wait that long for the sound of its time. This way it leaves at
 * once, as in a stream with pictures that are coded out of order. When it is shown, beside its sound, is the same.
 */
const decodedBefore = 64_000;

/** Checks what the window encoded, and puts it into the order of decode times: frames by frames, without waiting. */
export class WindowPacketOrder {
  readonly #merger: TrackMerger;
  readonly #checker: FrameChecker;

  constructor({ hasAudio }: { readonly hasAudio: boolean }) {
    this.#merger = new TrackMerger(hasAudio ? ['video', 'audio'] : ['video']);
    this.#checker = new FrameChecker(hasAudio ? decodedBefore : 0);
  }

  /** @returns what may go on now. @throws AppError `CAPTURE_FAILED` when it does not make sense. */
  push(message: Config | Frame): EncodedPacket[] {
    if (message.type === 'frame') return this.#merger.push(this.#checker.frame(message));
    const packets = this.#merger.push(this.#checker.config(message));
    const step = this.#checker.soundStep;
    if (step !== undefined) this.#merger.setStep('audio', step);
    return packets;
  }

  /** What is left when nothing more comes. */
  end(): EncodedPacket[] {
    return [...this.#merger.end('audio'), ...this.#merger.end('video')];
  }
}

/** Turns messages into packets, so that nothing behind it has to doubt them. */
class FrameChecker {
  readonly #lastDts = { video: -Infinity, audio: -Infinity };
  readonly #configured = { video: false, audio: false };
  readonly #decodedBefore: number;
  #sawKeyframe = false;
  #soundStep: number | undefined;

  /** @param before microseconds from decoding a picture to showing it. */
  constructor(before: number) {
    this.#decodedBefore = before;
  }

  /** Microseconds from one frame of sound to the next; undefined before its configuration. */
  get soundStep(): number | undefined {
    return this.#soundStep;
  }

  config({ track, payload }: Config): EncodedPacket {
    try {
      if (track === 'audio') {
        this.#soundStep = (aacFrameSamples / parseAudioSpecificConfig(payload).sampleRate) * 1e6;
      } else if (parseAvcDecoderConfiguration(payload).nalLengthSize !== 4) {
        throw new Error('NAL unit lengths are not of four bytes');
      }
    } catch (error) {
      throw nonsense(new Error(`a broken ${track} configuration`, { cause: error }));
    }
    this.#configured[track] = true;
    const at = Math.max(0, this.#lastDts[track]);
    const common = { type: 'config', keyframe: true, pts: at, dts: at, payload } as const;
    return track === 'video'
      ? { ...common, track, codec: 'h264' }
      : { ...common, track, codec: 'aac' };
  }

  frame({ track, keyframe, payload, ...times }: Frame): EncodedPacket {
    if (!this.#configured[track]) throw nonsense(new Error(`${track} before its configuration`));
    if (payload.byteLength === 0) throw nonsense(new Error(`an empty ${track} frame`));
    // A camera's clock may repeat a time; it must not run back.
    const decoded = track === 'video' ? times.dts - this.#decodedBefore : times.dts;
    const dts = Math.max(decoded, this.#lastDts[track]);
    const pts = Math.max(times.pts, dts);
    this.#lastDts[track] = dts;
    if (track === 'audio') {
      return { type: 'frame', track, codec: 'aac', keyframe: true, pts, dts, payload };
    }
    this.#checkPicture(keyframe, payload);
    return { type: 'frame', track, codec: 'h264', keyframe, pts, dts, payload };
  }

  #checkPicture(keyframe: boolean, payload: Uint8Array): void {
    if (!keyframe && !this.#sawKeyframe) {
      throw nonsense(new Error('it begins without a keyframe'));
    }
    this.#sawKeyframe = true;
    try {
      // The walk is the check.
      const units = [...iterateLengthPrefixed(payload)];
      if (units.length === 0) throw new Error('no NAL units');
    } catch (error) {
      throw nonsense(new Error('a broken picture', { cause: error }));
    }
  }
}

/** What no window of ours would send. */
export function nonsense(cause: Error): AppError {
  return appError(
    'CAPTURE_FAILED',
    { reason: reason('window-sent-nonsense') },
    { phase: 'encoder', cause },
  );
}
