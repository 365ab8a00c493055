import type { AmfObject } from '../amf/amf-value.js';
import type { AudioCodec, EncodedPacket, VideoCodec } from './encoded-packet.js';
import type { OpaquePacket } from './opaque-packet.js';

/** What an FLV file or an RTMP stream is made of, in its order. */
export type FlvItem =
  | MetadataItem
  | PacketItem
  | OpaqueItem
  | ColorInfoItem
  | ChannelLayoutItem
  | SequenceEndItem
  | VideoCommandItem;

/** The properties of onMetaData (FLV 10.1 §E.5; Enhanced RTMP v2, "Enhancing onMetaData"). */
export interface MetadataItem {
  readonly type: 'metadata';
  readonly value: AmfObject;
}

/** Media, or the configuration of a decoder. */
export interface PacketItem {
  readonly type: 'packet';
  readonly packet: EncodedPacket;
}

/** Media in a codec that is not understood, to be passed on. */
export interface OpaqueItem {
  readonly type: 'opaque';
  readonly packet: OpaquePacket;
}

/** What belongs to one track at one time. */
interface OfTrack {
  readonly trackId: number;
  /** Microseconds. */
  readonly timestamp: number;
}

/**
 * The colours of the frames that follow (Enhanced RTMP v2, "Metadata Frame"): `colorConfig`, `hdrCll` and `hdrMdcv`. It
 * replaces what was said before; an empty object takes it back.
 */
export interface ColorInfoItem extends OfTrack {
  readonly type: 'color-info';
  readonly codec: VideoCodec;
  readonly value: AmfObject;
}

/** The loudspeaker of each channel (Enhanced RTMP v2, `AudioPacketType.MultichannelConfig`). */
export interface ChannelLayoutItem extends OfTrack {
  readonly type: 'channel-layout';
  readonly codec: AudioCodec;
  readonly layout: ChannelLayout;
}

/** How the channels of an audio track are laid out (Enhanced RTMP v2, `AudioChannelOrder`). */
export type ChannelLayout =
  | { readonly type: 'unspecified'; readonly channels: number }
  /** The channels that are present come in the order of the bits of `mask` (`AudioChannelMask`). */
  | { readonly type: 'native'; readonly channels: number; readonly mask: number }
  /** The loudspeaker of each channel (`AudioChannel`; 254 unused, 255 unknown). */
  | { readonly type: 'custom'; readonly speakers: readonly number[] };

/** No more frames of this track until its next configuration. */
export interface SequenceEndItem extends OfTrack {
  readonly type: 'sequence-end';
  readonly track: 'video' | 'audio';
  readonly codec: VideoCodec | AudioCodec;
}

/** Brackets the frames that a player is sent only to get to the place that it asked for (FLV 10.1 §E.4.3.1). */
export interface VideoCommandItem {
  readonly type: 'video-command';
  readonly command: 'start-seek' | 'end-seek';
  /** Microseconds. */
  readonly timestamp: number;
}
