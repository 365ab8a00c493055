/** Video codecs that FLV and RTMP carry (FLV 10.1 §E.4.3; Enhanced RTMP v2, "Enhanced Video"). */
export type VideoCodec = 'h264' | 'hevc' | 'av1' | 'vp8' | 'vp9';
/** Audio codecs that FLV and RTMP carry (FLV 10.1 §E.4.2; Enhanced RTMP v2, "Enhanced Audio"). */
export type AudioCodec = 'aac' | 'opus' | 'flac' | 'ac3' | 'eac3' | 'mp3';

/**
 * One unit of coded media on its way: what every source yields and every destination takes.
 *
 * `config` carries what a decoder needs before the first frame, `frame` carries one access unit:
 *
 * | codec | config | frame |
 * | --- | --- | --- |
 * | h264 | AVCDecoderConfigurationRecord (ISO/IEC 14496-15 §5.3.3.1) | NAL units with four-byte lengths |
 * | hevc | HEVCDecoderConfigurationRecord (ISO/IEC 14496-15 §8.3.3.2) | NAL units with four-byte lengths |
 * | av1 | AV1CodecConfigurationRecord (AV1 in ISOBMFF §2.3.3) | the OBUs of one temporal unit |
 * | vp8, vp9 | VPCodecConfigurationRecord, with or without its box's version and flags | one frame |
 * | aac | AudioSpecificConfig (ISO/IEC 14496-3 §1.6.2.1) | one raw frame |
 * | opus | ID header (RFC 7845 §5.1); empty where a channel layout item says it all | one packet |
 * | flac | `fLaC` and the STREAMINFO block | one frame |
 * | ac3, eac3, mp3 | none: they describe themselves | one frame |
 *
 * `payload` is a view; whoever holds a packet must not write to it. `dts` never falls within a track.
 */
export type EncodedPacket = VideoPacket | AudioPacket;

interface Timed {
  readonly type: 'config' | 'frame';
  /** Presentation time in microseconds; with a fraction where nanoseconds are known. */
  readonly pts: number;
  /** Decode time in microseconds. */
  readonly dts: number;
  /** 0 to 255 among the tracks of its kind; absent means 0, the default track. */
  readonly trackId?: number;
  readonly payload: Uint8Array;
}

/** A coded picture, or the configuration of a video decoder. */
export interface VideoPacket extends Timed {
  readonly track: 'video';
  readonly codec: VideoCodec;
  /** True for a frame that can be decoded without any before it, and for a configuration. */
  readonly keyframe: boolean;
}

/** Coded sound, or the configuration of an audio decoder. */
export interface AudioPacket extends Timed {
  readonly track: 'audio';
  readonly codec: AudioCodec;
  /** Always true: every frame stands alone. */
  readonly keyframe: boolean;
}
