import { AmfEcmaArray, isAmfObject } from '../amf/amf-value.js';
import type { EncodedPacket } from '../flv/encoded-packet.js';
import { parseFlvAudioBody, serializeFlvAudioBodyHeader } from '../flv/flv-audio-body.js';
import type { FlvItem } from '../flv/flv-demuxer.js';
import { flvMilliseconds } from '../flv/flv-time.js';
import { parseFlvVideoBody, serializeFlvVideoBodyHeader } from '../flv/flv-video-body.js';
import { NalLengthWidener } from '../flv/nal-length-widener.js';
import type { DataMessage } from '../message/data.js';
import type { MediaMessage } from '../message/media.js';
import { TimestampUnwrapper } from './timestamp-unwrapper.js';

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

/** Takes the media and metadata out of one stream's messages. */
export class StreamItemReader {
  readonly #time = new TimestampUnwrapper();
  readonly #nalLengths = new NalLengthWidener();

  /**
   * @returns undefined when there is nothing in the message that this library knows.
   * @throws MalformedError
   */
  read(message: MediaMessage | DataMessage): FlvItem | undefined {
    if (message.type === 'data') return metadataItem(message);
    const [body] = message.body;
    if (body === undefined) return undefined;
    const timestamp = this.#time.unwrap(message.timestamp);
    if (message.type === 'audio') {
      const packet = parseFlvAudioBody(timestamp, body);
      return packet && { type: 'packet', packet };
    }
    const packet = parseFlvVideoBody(timestamp, body);
    return packet && { type: 'packet', packet: this.#nalLengths.widen(packet) };
  }
}

function metadataItem({ values }: DataMessage): FlvItem | undefined {
  const [first, ...rest] = values;
  const [name, value] = first === '@setDataFrame' ? rest : values;
  if (name !== 'onMetaData' || value instanceof AmfEcmaArray || !isAmfObject(value)) {
    return undefined;
  }
  return { type: 'metadata', value };
}
