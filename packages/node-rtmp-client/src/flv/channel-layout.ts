import type { ByteReader } from '../bytes/byte-reader.js';
import { ByteWriter } from '../bytes/byte-writer.js';
import { MalformedError } from '../bytes/malformed-error.js';
import type { ChannelLayout } from './flv-item.js';

/** `AudioChannelOrder` of Enhanced RTMP v2. */
const channelOrder = { unspecified: 0, native: 1, custom: 2 } as const;

/**
 * Reads the body of a `MultichannelConfig` (Enhanced RTMP v2, "Enhanced Audio").
 *
 * @returns undefined for an order that is not known.
 * @throws MalformedError when it ends too early.
 */
export function readChannelLayout(reader: ByteReader): ChannelLayout | undefined {
  const order = reader.u8();
  const channels = reader.u8();
  switch (order) {
    case channelOrder.unspecified:
      return { type: 'unspecified', channels };
    case channelOrder.native:
      return { type: 'native', channels, mask: reader.u32() };
    case channelOrder.custom:
      return { type: 'custom', speakers: [...reader.bytes(channels)] };
    default:
      return undefined;
  }
}

/** @throws MalformedError when there are more channels than a byte can say. */
export function serializeChannelLayout(layout: ChannelLayout): Uint8Array {
  const channels = layout.type === 'custom' ? layout.speakers.length : layout.channels;
  if (channels > 255) throw new MalformedError(`${channels} channels do not fit one byte`);
  const writer = new ByteWriter(2 + Math.max(4, channels))
    .u8(channelOrder[layout.type])
    .u8(channels);
  if (layout.type === 'native') writer.u32(layout.mask);
  if (layout.type === 'custom') writer.bytes(Uint8Array.from(layout.speakers));
  return writer.finish();
}
