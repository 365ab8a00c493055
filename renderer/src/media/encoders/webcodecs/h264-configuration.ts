import { h264Level } from '@tallylight/contract';
import { within } from 'node-rtmp-client/async';
import type { EncoderOptions } from './worker-messages.js';

type VideoOptions = Pick<EncoderOptions, 'width' | 'height' | 'fps' | 'videoBitrate'>;

/** Profiles from the better to the most widely supported: high, main, constrained baseline. */
const profiles = ['6400', '4d00', '42e0'];

const probeFrames = 4;
const probeDeadlineMs = 4000;

/** The codec string of a profile (four hex digits) at the lowest level that allows this picture. */
export const codecString = (profile: string, options: VideoOptions): string =>
  `avc1.${profile}${h264Level(options).toString(16)}`;

/** The configurations to try, best first. */
export function candidates(options: VideoOptions): VideoEncoderConfig[] {
  return profiles.map((profile) => ({
    codec: codecString(profile, options),
    width: options.width,
    height: options.height,
    framerate: options.fps,
    bitrate: options.videoBitrate,
    bitrateMode: 'constant',
    latencyMode: 'realtime',
    // Length-prefixed NAL units, with the parameter sets apart as avcC.
    avc: { format: 'avc' },
  }));
}

/**
 * The first configuration that encodes a few frames. `isConfigSupported` alone is not to be trusted: it tells what
 * the platform claims.
 *
 * @throws Error with the last candidate's reason when none works.
 */
export async function chooseConfiguration(options: VideoOptions): Promise<VideoEncoderConfig> {
  let reason: unknown = new Error('no H.264 encoder');
  for (const configuration of candidates(options)) {
    try {
      await probe(configuration);
      return configuration;
    } catch (error) {
      reason = error;
    }
  }
  throw reason instanceof Error ? reason : new Error(String(reason));
}

async function probe(configuration: VideoEncoderConfig): Promise<void> {
  const { supported } = await VideoEncoder.isConfigSupported(configuration);
  if (!supported) throw new Error(`${configuration.codec} is not supported`);
  const seen = { keyframe: false, description: false };
  const encoder = new VideoEncoder({
    output: (chunk, metadata) => {
      if (chunk.type === 'key') seen.keyframe = true;
      if (metadata?.decoderConfig?.description) seen.description = true;
    },
    // It rejects the flush below as well.
    error: () => undefined,
  });
  try {
    encoder.configure(configuration);
    const { width, height } = configuration;
    const grey = new Uint8Array((width * height * 3) / 2).fill(128);
    for (let index = 0; index < probeFrames; index++) {
      const frame = new VideoFrame(grey, {
        format: 'I420',
        codedWidth: width,
        codedHeight: height,
        timestamp: Math.round((index * 1e6) / (configuration.framerate ?? 30)),
      });
      encoder.encode(frame, { keyFrame: index === 0 });
      frame.close();
    }
    const flushed = await within(encoder.flush(), probeDeadlineMs);
    if (flushed === 'late') throw new Error('a trial encode took too long');
    if (!seen.keyframe || !seen.description) throw new Error('a trial encode gave no keyframe');
  } finally {
    if (encoder.state !== 'closed') encoder.close();
  }
}
