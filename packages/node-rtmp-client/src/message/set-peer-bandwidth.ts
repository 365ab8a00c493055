import { ByteReader } from '../bytes/byte-reader.js';
import { ByteWriter } from '../bytes/byte-writer.js';

const limits = ['hard', 'soft', 'dynamic'] as const;

/** The receiver is to limit what it has sent without acknowledgement, RTMP 1.0 §5.4.5. */
export interface SetPeerBandwidthMessage {
  readonly type: 'set-peer-bandwidth';
  /** Bytes. */
  readonly size: number;
  readonly limit: (typeof limits)[number];
}

export function parseSetPeerBandwidth(payload: Uint8Array): SetPeerBandwidthMessage {
  const reader = new ByteReader(payload);
  const size = reader.u32();
  // Some servers leave the limit type out.
  const limit = reader.remaining > 0 ? limits[reader.u8()] : undefined;
  return { type: 'set-peer-bandwidth', size, limit: limit ?? 'dynamic' };
}

export const serializeSetPeerBandwidth = ({ size, limit }: SetPeerBandwidthMessage): Uint8Array =>
  new ByteWriter(5).u32(size).u8(limits.indexOf(limit)).finish();
