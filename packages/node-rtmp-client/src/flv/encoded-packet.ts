export type VideoCodec = 'h264';
export type AudioCodec = 'aac';

/**
 * One unit of coded media on its way: what every source yields and every destination takes.
 *
 * `config` carries what a decoder needs before the first frame: an AVCDecoderConfigurationRecord (ISO/IEC 14496-15
 * §5.3.3.1) or an AudioSpecificConfig (ISO/IEC 14496-3 §1.6.2.1). `frame` carries one access unit: H.264 NAL units
 * with four-byte lengths, or one raw AAC frame.
 *
 * `payload` is a view; whoever holds a packet must not write to it. `dts` never falls within a track.
 */
export type EncodedPacket = VideoPacket | AudioPacket;

interface Timed {
  readonly type: 'config' | 'frame';
  /** Presentation time in microseconds. */
  readonly pts: number;
  /** Decode time in microseconds. */
  readonly dts: number;
  readonly payload: Uint8Array;
}

export interface VideoPacket extends Timed {
  readonly track: 'video';
  readonly codec: VideoCodec;
  /** True for a frame that can be decoded without any before it, and for a configuration. */
  readonly keyframe: boolean;
}

export interface AudioPacket extends Timed {
  readonly track: 'audio';
  readonly codec: AudioCodec;
  /** Always true: every AAC frame stands alone. */
  readonly keyframe: boolean;
}
