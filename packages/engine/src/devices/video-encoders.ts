import { h264Level, type Encoding } from '@tallylight/contract';

interface VideoEncoder {
  readonly hardware: boolean;
  /** Before the inputs. */
  readonly globalArgs?: readonly string[];
  /** The end of the filter chain: what the encoder takes. */
  readonly format: string;
  /** For low latency, no B-frames and keyframes only where asked for. */
  readonly args: readonly string[];
  /**
   * Whether it takes its level from the bitrate, where none is given: then each of the encoders that follow one another
   * has another configuration, which a player must be told of, and a recording goes on in another file.
   */
  readonly needsLevel?: boolean;
  /** How far it may go above the bitrate over a second, as a factor, so that it reaches it on average; 1 where absent. */
  readonly headroom?: number;
}

/** H.264 encoders of ffmpeg, in the order in which they are tried when none is named. */
export const videoEncoders: Readonly<Record<string, VideoEncoder>> = {
  libx264: {
    hardware: false,
    format: 'format=yuv420p',
    args: ['-preset', 'veryfast', '-tune', 'zerolatency', '-sc_threshold', '0'],
    // Held to the bitrate each second, it gives a seventh less: a keyframe takes what the pictures after it then lack.
    headroom: 1.1,
    needsLevel: true,
  },
  h264_videotoolbox: {
    hardware: true,
    format: 'format=nv12',
    args: ['-realtime', '1', '-bf', '0'],
  },
  h264_nvenc: {
    hardware: true,
    format: 'format=yuv420p',
    args: ['-rc', 'cbr', '-zerolatency', '1', '-no-scenecut', '1', '-forced-idr', '1', '-bf', '0'],
  },
  h264_qsv: {
    hardware: true,
    format: 'format=nv12',
    args: ['-preset', 'veryfast', '-look_ahead', '0', '-bf', '0'],
  },
  h264_amf: {
    hardware: true,
    format: 'format=nv12',
    args: ['-usage', 'lowlatency', '-rc', 'cbr'],
  },
  h264_vaapi: {
    hardware: true,
    globalArgs: ['-vaapi_device', '/dev/dri/renderD128'],
    format: 'format=nv12,hwupload',
    args: ['-rc_mode', 'CBR', '-bf', '0'],
  },
  libopenh264: { hardware: false, format: 'format=yuv420p', args: ['-rc_mode', 'bitrate'] },
};

/** For an encoder that is not in the table: what every encoder knows. */
const unknownEncoder: VideoEncoder = {
  hardware: false,
  format: 'format=yuv420p',
  args: ['-bf', '0'],
};

export const videoEncoder = (name: string): VideoEncoder =>
  Object.hasOwn(videoEncoders, name) ? (videoEncoders[name] ?? unknownEncoder) : unknownEncoder;

/** Constant bitrate, keyframes at equal distances. Frames come at a constant rate, so counting them is exact. */
export function videoEncoderArgs(name: string, encoding: Encoding): string[] {
  const { fps, videoBitrate, keyframeInterval } = encoding;
  const { args, headroom = 1, needsLevel = false } = videoEncoder(name);
  const most = Math.round(videoBitrate * headroom);
  const distance = `${Math.max(1, Math.round(fps * keyframeInterval))}`;
  return [
    ...['-c:v', name, ...args],
    ...['-b:v', `${videoBitrate}`, '-maxrate', `${most}`, '-bufsize', `${videoBitrate}`],
    ...['-g', distance, '-keyint_min', distance],
    ...(needsLevel ? ['-level', (h264Level(encoding) / 10).toFixed(1)] : []),
  ];
}
