import {
  AdtsOutputFormat,
  AudioSample,
  AudioSampleSource,
  NullTarget,
  Output,
  Quality,
  type EncodedPacket as MediaPacket,
} from 'mediabunny';
import { registerAacEncoder } from '@mediabunny/aac-encoder';
import type { AudioPacket } from 'node-rtmp-client';
import { appError } from '../app-error.js';
import { bufferBytes } from './buffer-bytes.js';

/** libavcodec's AAC encoder puts this many samples of its own before the first one it was given. */
const primingSamples = 1024;

/** Sound whose time is further than this from where the samples so far end, in seconds, has a gap or an overlap. */
const toleranceSeconds = 0.06;

/** A longer gap than this, in seconds, is no pause of a device: the track is not filled up over it. */
const maxGapSeconds = 10;

/**
 * Encodes PCM to AAC.
 *
 * The times of MediaRecorder's blocks are rounded and jitter, so that time is counted in samples, and silence is put in
 * or samples are left out only where the two grow apart: a player cares for an even track, the listener for sync.
 */
export async function* encodeAac(
  samples: AsyncIterable<AudioSample>,
  bitrate: number,
): AsyncGenerator<AudioPacket, void, undefined> {
  registerAacEncoder();
  let encoded: AudioPacket[] = [];
  const source = new AudioSampleSource({
    codec: 'aac',
    quality: new Quality({ bitrate }),
    onEncodedPacket: (packet, meta) => {
      encoded.push(...toPackets(packet, meta?.decoderConfig, sampleRate));
    },
  });
  const output = new Output({ format: new AdtsOutputFormat(), target: new NullTarget() });
  output.addAudioTrack(source);
  const take = (): AudioPacket[] => {
    const taken = encoded;
    encoded = [];
    return taken;
  };

  let sampleRate = 0;
  let end: number | undefined;
  try {
    await output.start();
    for await (const sample of samples) {
      sampleRate = sample.sampleRate;
      end ??= sample.timestamp;
      for (const part of fitted(sample, end)) {
        part.setTimestamp(end);
        end += part.numberOfFrames / sampleRate;
        await encoding(source.add(part));
        part.close();
      }
      yield* take();
    }
    await encoding(output.finalize());
    yield* take();
  } finally {
    // Ends the encoder's thread, also when the reader left early.
    if (output.state !== 'finalized') await output.cancel();
  }
}

async function encoding(step: Promise<void>): Promise<void> {
  try {
    await step;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw appError('ENCODER_FAILED', { encoder: 'AAC', reason }, { phase: 'encoder', cause });
  }
}

/** The sample, or what of it is to be encoded so that the track goes on at `end`, with silence before it for a gap. */
function fitted(sample: AudioSample, end: number): AudioSample[] {
  const { sampleRate, numberOfChannels, timestamp } = sample;
  const gap = timestamp - end;
  if (Math.abs(gap) <= toleranceSeconds || gap > maxGapSeconds) return [sample];
  if (gap > 0) {
    const frames = Math.round(gap * sampleRate);
    const data = new Float32Array(frames * numberOfChannels);
    return [
      new AudioSample({ data, format: 'f32', numberOfChannels, sampleRate, timestamp: end }),
      sample,
    ];
  }
  const surplus = Math.round(-gap * sampleRate);
  const kept = surplus < sample.numberOfFrames ? [sample.trim(surplus)] : [];
  sample.close();
  return kept;
}

function toPackets(
  packet: MediaPacket,
  decoderConfig: AudioDecoderConfig | undefined,
  sampleRate: number,
): AudioPacket[] {
  const at = Math.round((packet.timestamp - primingSamples / sampleRate) * 1e6);
  const common = { track: 'audio', codec: 'aac', keyframe: true, pts: at, dts: at } as const;
  const frame: AudioPacket = { ...common, type: 'frame', payload: packet.data };
  const description = bufferBytes(decoderConfig?.description);
  return description ? [{ ...common, type: 'config', payload: description }, frame] : [frame];
}
