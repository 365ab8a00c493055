import { ByteWriter } from '../bytes/byte-writer.js';
import { serializeChannelLayout } from './channel-layout.js';
import { serializeColorInfo } from './color-info.js';
import type { AudioCodec, VideoCodec } from './encoded-packet.js';
import { audioPacketType, videoPacketType, writeEnhancedHeader } from './enhanced-body.js';
import type { ColorInfoItem, FlvItem } from './flv-item.js';
import { audioCodecNumbers, videoCodecNumbers } from './four-cc.js';

/** What an item is that has a body of its own beside metadata and packets. */
export type SignalItem = Exclude<FlvItem, { type: 'metadata' | 'packet' | 'opaque' }>;

/** The enhanced header of a video body: of a key frame, and of a command, as which metadata may be passed over. */
const keyFrame = 0x90;
const commandFrame = 0xd0;
const enhancedSound = 0x90;

/** Which of the two kinds of tags and messages carries an item. */
export const signalTrack = (item: SignalItem): 'video' | 'audio' => {
  if (item.type === 'sequence-end') return item.track;
  return item.type === 'channel-layout' ? 'audio' : 'video';
};

/**
 * A whole body of a video or audio tag; {@link signalTrack} says which (Enhanced RTMP v2, "Enhanced Audio", "Enhanced
 * Video", "Metadata Frame"; FLV 10.1 §E.4.3.1).
 *
 * @returns undefined for the end of AAC or MP3 on the default track: their legacy form has no mark for it, and those who
 * were sent that would not understand the other.
 * @throws MalformedError when an id or a count does not fit its byte.
 */
export function serializeFlvItemBody(item: SignalItem): Uint8Array | undefined {
  switch (item.type) {
    case 'color-info':
      return videoBody(item.codec, item.trackId, metadataFrame(item), videoPacketType.metadata)
        .bytes(serializeColorInfo(item.value))
        .finish();
    case 'channel-layout':
      return audioBody(item.codec, item.trackId, audioPacketType.multichannelConfig)
        .bytes(serializeChannelLayout(item.layout))
        .finish();
    case 'sequence-end':
      return sequenceEnd(item.codec, item.trackId);
    case 'video-command':
      // The form that Adobe's servers send: AVC, without its packet type and composition time.
      return Uint8Array.of(0x57, item.command === 'start-seek' ? 0 : 1);
  }
}

/** Of another track the first packet type is "multitrack": a command with that has no body. */
const metadataFrame = ({ trackId }: ColorInfoItem): number =>
  trackId === 0 ? commandFrame : keyFrame;

function sequenceEnd(codec: VideoCodec | AudioCodec, trackId: number): Uint8Array | undefined {
  if (codec === 'h264' && trackId === 0) return Uint8Array.of(0x17, 2, 0, 0, 0);
  if ((codec === 'aac' || codec === 'mp3') && trackId === 0) return undefined;
  return isVideoCodec(codec)
    ? videoBody(codec, trackId, keyFrame, videoPacketType.sequenceEnd).finish()
    : audioBody(codec, trackId, audioPacketType.sequenceEnd).finish();
}

const isVideoCodec = (codec: VideoCodec | AudioCodec): codec is VideoCodec =>
  codec in videoCodecNumbers.numberOf;

const videoBody = (codec: VideoCodec, trackId: number, kind: number, packetType: number) =>
  writeEnhancedHeader(new ByteWriter(), {
    ...{ kind, packetType, trackId, nanoseconds: 0 },
    multitrack: videoPacketType.multitrack,
    fourCc: videoCodecNumbers.numberOf[codec],
  });

const audioBody = (codec: AudioCodec, trackId: number, packetType: number) =>
  writeEnhancedHeader(new ByteWriter(), {
    ...{ kind: enhancedSound, packetType, trackId, nanoseconds: 0 },
    multitrack: audioPacketType.multitrack,
    fourCc: audioCodecNumbers.numberOf[codec],
  });
