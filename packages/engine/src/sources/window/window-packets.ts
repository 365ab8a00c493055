import {
  type AppError,
  appError,
  type InboundChannelMessage,
  type MediaChannelReader,
  reason,
} from '@tallylight/contract';
import {
  iterateLengthPrefixed,
  parseAudioSpecificConfig,
  parseAvcDecoderConfiguration,
  type EncodedPacket,
} from 'node-rtmp-client';
import type { WindowSourceOptions } from './window-source-options.js';
import { TrackMerger } from './track-merger.js';

type Config = InboundChannelMessage & { type: 'config' };
type Frame = InboundChannelMessage & { type: 'frame' };

/** Reads coded frames that the renderer sends one by one. What does not make sense ends the broadcast. */
export async function* readWindowPackets(
  channel: MediaChannelReader,
  { hasAudio }: WindowSourceOptions,
  events: { onDropped: (frames: number) => void },
  signal: AbortSignal,
): AsyncGenerator<EncodedPacket, void, undefined> {
  const merger = new TrackMerger(hasAudio ? ['video', 'audio'] : ['video']);
  const checker = new FrameChecker();
  for (;;) {
    const message = await channel.read(signal);
    if (!message) {
      if (signal.aborted) return;
      throw appError('WINDOW_GONE');
    }
    switch (message.type) {
      case 'config':
        yield* merger.push(checker.config(message));
        break;
      case 'frame':
        yield* merger.push(checker.frame(message));
        break;
      case 'dropped':
        events.onDropped(message.frames);
        break;
      case 'end':
        yield* merger.end('audio');
        yield* merger.end('video');
        return;
      case 'begin':
        throw nonsense(new Error('it begins twice'));
      case 'container':
        throw nonsense(new Error('a recording where frames were expected'));
    }
  }
}

/** Turns messages into packets, so that nothing behind it has to doubt them. */
class FrameChecker {
  readonly #lastDts = { video: -Infinity, audio: -Infinity };
  readonly #configured = { video: false, audio: false };
  #sawKeyframe = false;

  config({ track, payload }: Config): EncodedPacket {
    try {
      if (track === 'audio') parseAudioSpecificConfig(payload);
      else if (parseAvcDecoderConfiguration(payload).nalLengthSize !== 4) {
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
    const dts = Math.max(times.dts, this.#lastDts[track]);
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

function nonsense(cause: Error): AppError {
  return appError(
    'CAPTURE_FAILED',
    { reason: reason('window-sent-nonsense') },
    { phase: 'encoder', cause },
  );
}
