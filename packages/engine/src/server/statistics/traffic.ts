import type { FlvItem } from 'node-rtmp-client';

/** The ways in which streams are given out. */
export const protocols = ['rtmp', 'http-flv', 'ws-flv', 'hls', 'dash'] as const;
export type Protocol = (typeof protocols)[number];

/** The ways on which a player stays connected. */
export type ConnectedProtocol = Exclude<Protocol, SegmentProtocol>;
/** The ways on which a player asks for one segment after the other. */
export type SegmentProtocol = 'hls' | 'dash';

const none = (): Record<Protocol, number> => ({
  ...{ rtmp: 0, 'http-flv': 0, 'ws-flv': 0, hls: 0, dash: 0 },
});

/** What has come in and gone out: of one stream, or of all. Bytes are those of pictures and sound. */
export class Traffic {
  bytesIn = 0;
  readonly framesIn = { video: 0, audio: 0 };
  readonly bytesOut = none();
  /** Who is connected now; nobody is with HLS and DASH. */
  readonly players = none();
}

/** Bytes of picture or sound in an item. */
export const payloadBytes = (item: FlvItem): number =>
  'packet' in item ? item.packet.payload.byteLength : 0;
