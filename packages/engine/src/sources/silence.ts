import {
  audioFormatOf,
  buildAudioSpecificConfig,
  MalformedError,
  parseAudioSpecificConfig,
  type AudioPacket,
  type EncodedPacket,
} from 'node-rtmp-client';
import type { MediaSource } from './media-source.js';

/** Samples in a frame of AAC-LC, and in 20 ms of Opus, which always counts by 48 kHz. */
const aacSamples = 1024;
const opusSamples = 960;

/** Frames of AAC-LC that hold nothing, for one channel and for two; the same at every sampling frequency. */
const silentFrames = new Map([
  [1, Uint8Array.of(0x00, 0xc8, 0x00, 0x80, 0x23, 0x80)],
  [2, Uint8Array.of(0x21, 0x00, 0x49, 0x90, 0x02, 0x19, 0x00, 0x23, 0x80)],
]);

/** A packet that holds nothing, for one channel and for two (RFC 6716 §3.1: CELT, full band, 20 ms). */
const silentOpus = Uint8Array.of(0xf8, 0xff, 0xfe);

/** Frames of a codec that hold nothing. */
interface SilentSound {
  readonly config: EncodedPacket;
  readonly frame: Uint8Array;
  readonly frameSamples: number;
  readonly sampleRate: number;
}

/**
 * A source without sound, with silence beside its picture. Browsers wait for the sound of a stream that had some: without
 * it they would stand still.
 *
 * @param like the configuration of the sound before it, so that none is needed where silence can be had in its format.
 */
export const withSilence = (source: MediaSource, like: EncodedPacket | undefined): MediaSource => ({
  name: source.name,
  hasAudio: true,
  status: source.status,
  packets: (signal) => besideSilence(source.packets(signal), silenceLike(like) ?? usualSilence()),
});

/** Silence in the codec of other sound, in its very format where that can be; `undefined` where none is known. */
export function silenceLike(config: EncodedPacket | undefined): SilentSound | undefined {
  if (config?.track !== 'audio') return undefined;
  if (config.codec === 'opus') {
    const { channels = 0 } = audioFormatOf(config) ?? {};
    // More channels than two are several streams in each packet.
    return channels > 2 || channels === 0
      ? undefined
      : { config, frame: silentOpus, frameSamples: opusSamples, sampleRate: 48_000 };
  }
  if (config.codec !== 'aac') return undefined;
  const known = readConfig(config);
  const frame = known?.objectType === 2 ? silentFrames.get(known.channels) : undefined;
  if (!known || !frame) return usualSilence();
  return { config, frame, frameSamples: aacSamples, sampleRate: known.sampleRate };
}

function usualSilence(): SilentSound {
  const sampleRate = 48_000;
  return {
    config: {
      ...{ type: 'config', track: 'audio', codec: 'aac', keyframe: true, pts: 0, dts: 0 },
      payload: buildAudioSpecificConfig({ objectType: 2, sampleRate, channels: 2 }),
    },
    frame: silentFrames.get(2) ?? new Uint8Array(0),
    ...{ frameSamples: aacSamples, sampleRate },
  };
}

function readConfig({
  payload,
}: AudioPacket): ReturnType<typeof parseAudioSpecificConfig> | undefined {
  try {
    return parseAudioSpecificConfig(payload);
  } catch (error) {
    if (error instanceof MalformedError) return undefined;
    throw error;
  }
}

/** From the moment at which the first keyframe is shown to the end of the last picture. */
export async function* besideSilence(
  packets: AsyncIterable<EncodedPacket>,
  { config, frame, frameSamples, sampleRate }: SilentSound,
): AsyncGenerator<EncodedPacket, void, undefined> {
  let start: number | undefined;
  let frames = 0;
  let [decoded, duration, shownUntil] = [0, 0, 0];
  const soundUntil = function* (until: number): Generator<EncodedPacket, void, undefined> {
    if (start === undefined) return;
    for (;;) {
      const at = start + Math.round((frames * frameSamples * 1_000_000) / sampleRate);
      if (at >= until) return;
      frames += 1;
      yield {
        ...config,
        ...{ type: 'frame', pts: at, dts: at, payload: frame },
      };
    }
  };
  for await (const packet of packets) {
    if (packet.type === 'config' || packet.track === 'audio') {
      yield packet;
      continue;
    }
    const { dts, pts, keyframe } = packet;
    if (start === undefined && keyframe) {
      start = pts;
      yield { ...config, pts: dts, dts };
    } else if (start !== undefined) {
      duration = dts - decoded;
    }
    decoded = dts;
    shownUntil = Math.max(shownUntil, pts);
    yield packet;
    yield* soundUntil(dts);
  }
  yield* soundUntil(shownUntil + duration);
}
