import { AmfEcmaArray, isAmfObject, type AmfObject } from '../amf/amf-value.js';
import type { AudioPacket, EncodedPacket, VideoPacket } from '../flv/encoded-packet.js';
import { parseFlvAudioBody, serializeFlvAudioBodyHeader } from '../flv/flv-audio-body.js';
import { serializeFlvItemBody, signalTrack } from '../flv/flv-item-body.js';
import type { FlvItem } from '../flv/flv-item.js';
import { serializeFlvMultitrackBody } from '../flv/flv-multitrack-body.js';
import { flvMilliseconds, flvTimestamp, type FlvBodyOptions } from '../flv/flv-time.js';
import { parseFlvVideoBody, serializeFlvVideoBodyHeader } from '../flv/flv-video-body.js';
import { NalLengthWidener } from '../flv/nal-length-widener.js';
import type { DataMessage } from '../message/data.js';
import type { MediaMessage } from '../message/media.js';
import { TimestampUnwrapper } from './timestamp-unwrapper.js';

/** The message that carries `packet`; the payload is passed on as it is. */
export function packetMessage(
  packet: EncodedPacket,
  streamId: number,
  options?: FlvBodyOptions,
): MediaMessage {
  const header =
    packet.track === 'video'
      ? serializeFlvVideoBodyHeader(packet, options)
      : serializeFlvAudioBodyHeader(packet, options);
  return {
    type: packet.track,
    streamId,
    timestamp: Math.max(0, flvTimestamp(packet, options)),
    body: [header, packet.payload],
  };
}

/**
 * One message for packets of several tracks; payloads are passed on as they are.
 *
 * @throws MalformedError when they do not go into one body: see {@link serializeFlvMultitrackBody}.
 */
export function tracksMessage(
  packets: readonly VideoPacket[] | readonly AudioPacket[],
  streamId: number,
  options?: FlvBodyOptions,
): MediaMessage {
  const body = serializeFlvMultitrackBody(packets, options);
  const [first] = packets;
  return {
    type: first?.track ?? 'video',
    streamId,
    timestamp: first ? Math.max(0, flvTimestamp(first, options)) : 0,
    body,
  };
}

/**
 * @param publishing wraps metadata in @setDataFrame, which asks a server to keep it for later viewers.
 * @returns undefined for what cannot be said: see {@link serializeFlvItemBody}.
 */
export function itemMessage(
  item: FlvItem,
  streamId: number,
  publishing: boolean,
  options?: FlvBodyOptions,
): MediaMessage | DataMessage | undefined {
  switch (item.type) {
    case 'metadata':
      return metadataMessage(item.value, streamId, publishing);
    case 'packet':
      return packetMessage(item.packet, streamId, options);
    case 'opaque': {
      const { track, dts, payload } = item.packet;
      const timestamp = Math.max(0, flvMilliseconds(dts));
      return { type: track, streamId, timestamp, body: [payload] };
    }
    default: {
      const body = serializeFlvItemBody(item);
      if (body === undefined) return undefined;
      const timestamp = Math.max(0, flvMilliseconds(item.timestamp));
      return { type: signalTrack(item), streamId, timestamp, body: [body] };
    }
  }
}

/** @param publishing as of {@link itemMessage}. */
export function metadataMessage(
  metadata: AmfObject,
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

/** Takes the media and metadata out of one stream's messages. */
export class StreamItemReader {
  readonly #time = new TimestampUnwrapper();
  readonly #nalLengths = new NalLengthWidener();

  /**
   * @returns what is in the message, in its order; nothing when there is nothing in it that this library knows.
   * @throws MalformedError
   */
  read(message: MediaMessage | DataMessage): FlvItem[] {
    if (message.type === 'data') return metadataItems(message);
    const [body] = message.body;
    if (body === undefined) return [];
    const timestamp = this.#time.unwrap(message.timestamp);
    return message.type === 'audio'
      ? parseFlvAudioBody(timestamp, body)
      : this.#nalLengths.widenItems(parseFlvVideoBody(timestamp, body));
  }
}

function metadataItems({ values }: DataMessage): FlvItem[] {
  const [first, ...rest] = values;
  const [name, value] = first === '@setDataFrame' ? rest : values;
  if (name !== 'onMetaData' || value instanceof AmfEcmaArray || !isAmfObject(value)) return [];
  return [{ type: 'metadata', value }];
}
