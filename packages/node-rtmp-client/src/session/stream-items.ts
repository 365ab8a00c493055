import { AmfEcmaArray, isAmfObject } from '../amf/amf-value.js';
import type { EncodedPacket } from '../flv/encoded-packet.js';
import { parseFlvAudioBody, serializeFlvAudioBodyHeader } from '../flv/flv-audio-body.js';
import type { FlvItem } from '../flv/flv-demuxer.js';
import { flvMilliseconds } from '../flv/flv-time.js';
import { parseFlvVideoBody, serializeFlvVideoBodyHeader } from '../flv/flv-video-body.js';
import type { DataMessage } from '../message/data.js';
import type { MediaMessage } from '../message/media.js';
import type { TimestampUnwrapper } from './timestamp-unwrapper.js';

type Metadata = Extract<FlvItem, { type: 'metadata' }>['value'];

/** The message that carries `packet`; the payload is passed on as it is. */
export function packetMessage(packet: EncodedPacket, streamId: number): MediaMessage {
  const header =
    packet.track === 'video'
      ? serializeFlvVideoBodyHeader(packet)
      : serializeFlvAudioBodyHeader(packet);
  return {
    type: packet.track,
    streamId,
    timestamp: Math.max(0, flvMilliseconds(packet.dts)),
    body: [header, packet.payload],
  };
}

/** @param publishing wraps it in @setDataFrame, which asks a server to keep it for later viewers. */
export function metadataMessage(
  metadata: Metadata,
  streamId: number,
  publishing: boolean,
): DataMessage {
  const values = ['onMetaData', new AmfEcmaArray(metadata)];
  return {
    type: 'data',
    streamId,
    timestamp: 0,
    values: publishing ? ['@setDataFrame', ...values] : values,
  };
}

/** The media or metadata in a message; undefined when there is none that this library knows. */
export function messageItem(
  message: MediaMessage | DataMessage,
  time: TimestampUnwrapper,
): FlvItem | undefined {
  if (message.type === 'data') {
    const [first, ...rest] = message.values;
    const [name, value] = first === '@setDataFrame' ? rest : [first, ...rest];
    if (name !== 'onMetaData' || value instanceof AmfEcmaArray || !isAmfObject(value)) {
      return undefined;
    }
    return { type: 'metadata', value };
  }
  const [body] = message.body;
  if (body === undefined) return undefined;
  const timestamp = time.unwrap(message.timestamp);
  const packet =
    message.type === 'video'
      ? parseFlvVideoBody(timestamp, body)
      : parseFlvAudioBody(timestamp, body);
  return packet && { type: 'packet', packet };
}
