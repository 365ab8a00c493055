import {
  buildAudioSpecificConfig,
  MalformedError,
  parseAudioSpecificConfig,
  type EncodedPacket,
} from 'node-rtmp-client';
import type { MediaSource } from '../media-source.js';

/** Samples in a frame of AAC-LC. */
const frameSamples = 1024;

/** Frames of AAC-LC that hold nothing, for one channel and for two; the same at every sampling frequency. */
const silentFrames = new Map([
  [1, Uint8Array.of(0x00, 0xc8, 0x00, 0x80, 0x23, 0x80)],
  [2, Uint8Array.of(0x21, 0x00, 0x49, 0x90, 0x02, 0x19, 0x00, 0x23, 0x80)],
]);

interface SilentSound {
  readonly config: EncodedPacket;
  readonly frame: Uint8Array;
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
  packets: (signal) => besideSilence(source.packets(signal), silenceLike(like)),
});

function silenceLike(config: EncodedPacket | undefined): SilentSound {
  const known = config?.codec === 'aac' ? readConfig(config.payload) : undefined;
  const frame = known?.objectType === 2 ? silentFrames.get(known.channels) : undefined;
  if (config && known && frame) return { config, frame, sampleRate: known.sampleRate };
  const sampleRate = 48_000;
  return {
    config: {
      ...{ type: 'config', track: 'audio', codec: 'aac', keyframe: true, pts: 0, dts: 0 },
      payload: buildAudioSpecificConfig({ objectType: 2, sampleRate, channels: 2 }),
    },
    frame: silentFrames.get(2) ?? new Uint8Array(0),
    sampleRate,
  };
}

function readConfig(payload: Uint8Array): ReturnType<typeof parseAudioSpecificConfig> | undefined {
  try {
    return parseAudioSpecificConfig(payload);
  } catch (error) {
    if (error instanceof MalformedError) return undefined;
    throw error;
  }
}

/** From the moment at which the first keyframe is shown to the end of the last picture. */
async function* besideSilence(
  packets: AsyncIterable<EncodedPacket>,
  { config, frame, sampleRate }: SilentSound,
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
        ...{ type: 'frame', track: 'audio', codec: 'aac', keyframe: true },
        ...{ pts: at, dts: at, payload: frame },
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
