import type { EncodedPacket } from './encoded-packet.js';

/**
 * Media in a codec that this library cannot take apart: the whole body of its tag or message, to be stored or passed on
 * as it is.
 */
export interface OpaquePacket {
  readonly track: 'video' | 'audio';
  /** What people call it, such as "Speex"; the FourCC, or the number, where it has no other name. */
  readonly codec: string;
  /** `videocodecid` or `audiocodecid` of onMetaData: FLV's number of the codec, or the FourCC. */
  readonly codecId: number;
  /** What a decoder needs before the first frame, as far as the body says that it is that. */
  readonly type: 'config' | 'frame';
  /** True also where nothing says it. */
  readonly keyframe: boolean;
  /** Microseconds; where the presentation time is another, only those know who know the codec. */
  readonly pts: number;
  readonly dts: number;
  /** 0 to 255 among the tracks of its kind; absent means 0, the default track. */
  readonly trackId?: number;
  /** The whole body, as a view. */
  readonly payload: Uint8Array;
}

/** What packets of all codecs have in common. */
export type MediaPacket = EncodedPacket | OpaquePacket;

/** FLV 10.1 §E.4.2.1 */
const soundNames: readonly (string | undefined)[] = [
  ...["PCM of the machine's byte order", 'ADPCM', 'MP3', 'PCM', 'Nellymoser 16 kHz'],
  ...['Nellymoser 8 kHz', 'Nellymoser', 'G.711 A-law', 'G.711 µ-law', undefined, 'AAC', 'Speex'],
  ...[undefined, undefined, 'MP3 8 kHz', 'device-specific sound'],
];

/** FLV 10.1 §E.4.3.1, and what others use. */
const pictureNames: readonly (string | undefined)[] = [
  ...[undefined, 'JPEG', 'Sorenson H.263', 'Screen video', 'VP6', 'VP6 with alpha'],
  ...['Screen video 2', 'H.264', 'H.263', 'MPEG-4 part 2'],
];

/** The name of a codec by its number in a legacy tag. */
export const opaqueCodecName = (track: 'video' | 'audio', codecId: number): string =>
  (track === 'video' ? pictureNames : soundNames)[codecId] ?? `${track} codec ${codecId}`;

/** Four characters, as far as they can be shown, or a number. */
export function fourCcName(fourCc: number): string {
  const text = [24, 16, 8, 0].map((bits) => String.fromCharCode((fourCc >>> bits) & 0xff)).join('');
  return /^[\x20-\x7e]{4}$/.test(text) ? text : `codec 0x${fourCc.toString(16).padStart(8, '0')}`;
}
