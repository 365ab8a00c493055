import { appError } from '@tallylight/contract';
import {
  AdtsOutputFormat,
  AudioSampleSource,
  NullTarget,
  Output,
  Quality,
  type AudioSample,
  type EncodedPacket as MediaPacket,
} from 'mediabunny';
import { registerAacEncoder } from '@mediabunny/aac-encoder';
import type { AudioPacket } from 'node-rtmp-client';
import { bufferBytes } from '../buffer-bytes.js';
import { EvenTrack } from './even-track.js';

/** libavcodec's AAC encoder puts this many samples of its own before the first one it was given. */
const primingSamples = 1024;

/** Encodes PCM to AAC: the configuration first, then frames of 1024 samples, on the time of the samples. */
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
  const drain = (): AudioPacket[] => {
    const taken = encoded;
    encoded = [];
    return taken;
  };

  let sampleRate = 0;
  const track = new EvenTrack();
  try {
    await output.start();
    for await (const sample of samples) {
      sampleRate = sample.sampleRate;
      for (const part of track.fit(sample)) {
        await encoding(source.add(part));
        part.close();
      }
      yield* drain();
    }
    await encoding(output.finalize());
    yield* drain();
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
