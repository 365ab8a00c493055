import { registerAacEncoder } from '@mediabunny/aac-encoder';
import {
  AudioSample,
  AudioSampleSource,
  canEncodeAudio,
  MkvOutputFormat,
  NullTarget,
  Output,
  Quality,
  type EncodedPacket,
} from 'mediabunny';
import { copyOf } from './copy-of.js';
import type { EncodedTrackEvents } from './encoded-track.js';
import { SampleTimeline } from './sample-timeline.js';

/** Samples in an AAC frame. */
const frameSamples = 1024;

/**
 * Samples that an AAC encoder puts before the first: a decoder gives them out first, so what a frame holds is older by
 * this much than its place in the sequence. libavcodec's (in the WASM encoder) and Media Foundation's put one frame,
 * AudioToolbox's 2112 samples (Apple TN2258).
 */
const priming = { wasm: 1024, windows: 1024, mac: 2112 };

/** Samples of silence that an encoder is begun with. */
const warmUpSamples = frameSamples;

export interface AudioFormat {
  readonly sampleRate: number;
  readonly numberOfChannels: number;
}

/** Encodes the sound of one format as AAC-LC: with the system's encoder where the browser offers it, else in WASM. */
export class AudioTrackEncoder {
  readonly format: AudioFormat;
  readonly #timeline: SampleTimeline;
  readonly #source: AudioSampleSource;
  readonly #output: Output;
  readonly #events: EncodedTrackEvents;
  readonly #priming: number;
  #description: Uint8Array | undefined;
  #frames = 0;

  private constructor(
    format: AudioFormat,
    bitrate: number,
    primingSamples: number,
    events: EncodedTrackEvents,
  ) {
    this.format = format;
    this.#timeline = new SampleTimeline(format.sampleRate);
    this.#priming = primingSamples;
    this.#events = events;
    this.#source = new AudioSampleSource({
      codec: 'aac',
      quality: new Quality({ bitrate }),
      onEncodedPacket: (packet, metadata) => this.#emit(packet, metadata),
    });
    // Only the encoded packets are wanted; the file around them goes nowhere and keeps nothing.
    this.#output = new Output({
      format: new MkvOutputFormat({ appendOnly: true }),
      target: new NullTarget(),
    });
    this.#output.addAudioTrack(this.#source);
  }

  /**
   * Resolves once it is loaded and has encoded something, which takes the one in WASM some hundred milliseconds.
   *
   * @param bitrate bits per second
   */
  static async create(
    { sampleRate, numberOfChannels }: AudioFormat,
    bitrate: number,
    events: EncodedTrackEvents,
  ): Promise<AudioTrackEncoder> {
    const format = { sampleRate, numberOfChannels };
    const native = await canEncodeAudio('aac', { ...format, quality: new Quality({ bitrate }) });
    if (!native) registerAacEncoder();
    const platform = navigator.userAgent.includes('Mac') ? 'mac' : 'windows';
    const primingSamples = priming[native ? platform : 'wasm'];
    const encoder = new AudioTrackEncoder(format, bitrate, primingSamples, events);
    await encoder.#output.start();
    await encoder.#warmUp();
    return encoder;
  }

  /** An encoder is made, and in WASM loaded, only with the first that it gets. */
  async #warmUp(): Promise<void> {
    const { numberOfChannels } = this.format;
    const data = new Float32Array(warmUpSamples * numberOfChannels);
    const silence = new AudioSample({ ...this.format, data, format: 'f32', timestamp: 0 });
    try {
      await this.#source.add(silence);
    } finally {
      silence.close();
    }
  }

  accepts({ sampleRate, numberOfChannels }: AudioFormat): boolean {
    return (
      sampleRate === this.format.sampleRate && numberOfChannels === this.format.numberOfChannels
    );
  }

  /** Takes over `data`, which began at `time`, in microseconds. Resolves when the encoder takes more. */
  async encode(data: AudioData, time: number): Promise<void> {
    const sample = new AudioSample(data);
    // Counted, not measured: the encoder must not see the jitter of capture times as gaps.
    sample.setTimestamp((warmUpSamples + this.#timeline.samples) / this.format.sampleRate);
    this.#timeline.append(time, data.numberOfFrames);
    try {
      await this.#source.add(sample);
    } finally {
      sample.close();
    }
  }

  /** Gives out what is still inside; nothing can be encoded afterwards. */
  async finish(): Promise<void> {
    await this.#output.finalize();
  }

  #emit(packet: EncodedPacket, metadata: EncodedAudioChunkMetadata | undefined): void {
    const description = metadata?.decoderConfig?.description;
    if (description) this.#description = copyOf(description);
    const sample = this.#frames * frameSamples - this.#priming - warmUpSamples;
    this.#frames += 1;
    const pts = this.#timeline.timeOf(sample);
    if (pts === undefined || sample < -this.#priming) return;
    if (this.#description) this.#events.onConfiguration(this.#description);
    this.#description = undefined;
    const { data } = packet;
    this.#events.onFrame({
      keyframe: true,
      pts,
      byteLength: data.byteLength,
      copyTo: (target) => target.set(data),
    });
  }
}
