import { AmfEcmaArray, type AmfValue } from '../amf/amf-value.js';
import { MalformedError } from '../bytes/malformed-error.js';
import { parseFlvAudioBody } from '../flv/flv-audio-body.js';
import type { FlvItem } from '../flv/flv-item.js';
import { parseFlvVideoBody } from '../flv/flv-video-body.js';
import type { CommandMessage } from '../message/command.js';
import { parseMessages, type Message } from '../message/message.js';
import { messageTypeId } from '../message/message-type-id.js';
import type { UserControlEvent } from '../message/user-control.js';
import { Redactor } from '../redact/redactor.js';
import type { MessageListener, WireMessage } from '../session/message-listener.js';
import { traceAmf } from './trace-amf.js';

/** One RTMP message, as it may be shown: without stream keys, other secrets, and the payload of media. */
export interface TracedMessage {
  readonly direction: 'sent' | 'received';
  /** Milliseconds since 1970, with fractions. */
  readonly at: number;
  /** RTMP 1.0 §5.3.1.1; known of messages that are sent. */
  readonly chunkStreamId?: number;
  /** 0 is the connection itself. */
  readonly messageStreamId: number;
  /** Milliseconds, modulo 2^32. */
  readonly timestamp: number;
  /**
   * Such as 'command', 'set-chunk-size', 'acknowledgement', 'data', 'audio', 'video'; 'type 99' where it has no name.
   */
  readonly type: string;
  /** Length of the payload, without chunk headers. */
  readonly bytes: number;
  /** What it says: a command with its arguments, the value of a control message, the codec and kind of a frame. */
  readonly summary: string;
}

const typeNames: ReadonlyMap<number, string> = new Map([
  [messageTypeId.setChunkSize, 'set-chunk-size'],
  [messageTypeId.abort, 'abort'],
  [messageTypeId.acknowledgement, 'acknowledgement'],
  [messageTypeId.userControl, 'user-control'],
  [messageTypeId.windowAcknowledgementSize, 'window-acknowledgement-size'],
  [messageTypeId.setPeerBandwidth, 'set-peer-bandwidth'],
  [messageTypeId.audio, 'audio'],
  [messageTypeId.video, 'video'],
  [messageTypeId.dataAmf3, 'data'],
  [messageTypeId.sharedObjectAmf3, 'shared-object'],
  [messageTypeId.commandAmf3, 'command'],
  [messageTypeId.dataAmf0, 'data'],
  [messageTypeId.sharedObjectAmf0, 'shared-object'],
  [messageTypeId.commandAmf0, 'command'],
  [messageTypeId.aggregate, 'aggregate'],
]);

/** RTMP's own words stay, also where a key happens to be one of them. */
const knownNames = new Set([
  ...['connect', 'createStream', 'publish', 'play', 'play2', 'pause', 'seek', 'closeStream'],
  ...['deleteStream', 'releaseStream', 'FCPublish', 'FCUnpublish', 'FCSubscribe', 'receiveAudio'],
  ...['receiveVideo', 'getStreamLength', '_checkbw', '_result', '_error', 'onStatus', 'onBWDone'],
  ...['onFCPublish', 'onFCUnpublish', 'onFCSubscribe', '@setDataFrame', '@clearDataFrame'],
  ...['onMetaData', '|RtmpSampleAccess'],
]);

/** Commands that name a stream after the command object. Whoever knows the name may publish the stream. */
const namesStream = new Set([
  ...['publish', 'play', 'releaseStream', 'FCPublish', 'FCUnpublish', 'FCSubscribe'],
  'getStreamLength',
]);

/**
 * Describes the messages of one connection for `onMessage`. Learns what is secret on the way: the names of streams, and
 * the query of the application.
 *
 * @param secrets that are known before.
 */
export function traceMessages(
  onMessage: (message: TracedMessage) => void,
  secrets: readonly string[] = [],
): MessageListener {
  const redactor = new Redactor(secrets);
  return (message) => {
    const { direction, chunkStreamId, typeId, streamId, timestamp, payload } = message;
    onMessage({
      direction,
      at: performance.timeOrigin + performance.now(),
      ...(chunkStreamId !== undefined && { chunkStreamId }),
      messageStreamId: streamId,
      timestamp: timestamp >>> 0,
      type: typeNames.get(typeId) ?? `type ${typeId}`,
      bytes: payload.reduce((bytes, piece) => bytes + piece.length, 0),
      summary: summaryOf(message, redactor),
    });
  };
}

function summaryOf(
  { typeId, streamId, timestamp, payload }: WireMessage,
  redactor: Redactor,
): string {
  const [first = new Uint8Array()] = payload;
  // A description does not have to be fast; only media is in pieces.
  const whole = payload.length === 1 ? first : new Uint8Array(Buffer.concat(payload));
  try {
    const messages = [...parseMessages({ typeId, streamId, timestamp, payload: whole })];
    return messages.map((each) => describe(each, redactor)).join('; ');
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    return 'malformed';
  }
}

function describe(message: Message, redactor: Redactor): string {
  switch (message.type) {
    case 'set-chunk-size':
    case 'window-acknowledgement-size':
      return `${message.size}`;
    case 'set-peer-bandwidth':
      return `${message.size} ${message.limit}`;
    case 'abort':
      return `chunk stream ${message.chunkStreamId}`;
    case 'acknowledgement':
      return `${message.sequenceNumber}`;
    case 'user-control':
      return describeEvent(message.event);
    case 'command': {
      learn(message, redactor);
      const { name, transactionId, values } = message;
      return `${nameOf(name, redactor)} #${transactionId} ${traceAmf(values, redactor)}`;
    }
    case 'data': {
      const [name, ...rest] = message.values;
      const values = rest.map((value) =>
        value instanceof AmfEcmaArray ? { ...value.entries } : value,
      );
      return typeof name === 'string'
        ? `${nameOf(name, redactor)} ${traceAmf(values, redactor)}`
        : traceAmf(values, redactor);
    }
    case 'audio':
    case 'video':
      return describeMedia(message.type, message.timestamp, message.body);
  }
}

const nameOf = (name: string, redactor: Redactor): string =>
  knownNames.has(name) ? name : traceAmf([name], redactor);

function describeEvent(event: UserControlEvent): string {
  switch (event.name) {
    case 'ping-request':
    case 'ping-response':
      return `${event.name} ${event.timestamp}`;
    case 'set-buffer-length':
      return `${event.name} stream ${event.streamId}, ${event.milliseconds} ms`;
    default:
      return `${event.name} stream ${event.streamId}`;
  }
}

function describeMedia(
  track: 'audio' | 'video',
  timestamp: number,
  [body = new Uint8Array()]: readonly Uint8Array[],
): string {
  const items =
    track === 'audio' ? parseFlvAudioBody(timestamp, body) : parseFlvVideoBody(timestamp, body);
  if (items.length > 0) return items.map(describeItem).join(', ');
  return body.length === 0 ? 'empty' : `not known, first byte 0x${body[0]?.toString(16)}`;
}

function describeItem(item: FlvItem): string {
  switch (item.type) {
    case 'packet':
    case 'opaque': {
      const { track, codec, type, keyframe, trackId = 0 } = item.packet;
      const kind = type === 'frame' && track === 'video' && keyframe ? 'keyframe' : type;
      return `${codec} ${kind}${trackId === 0 ? '' : ` of track ${trackId}`}`;
    }
    case 'video-command':
      return item.command;
    case 'metadata':
      return item.type;
    default:
      return `${item.codec} ${item.type}`;
  }
}

/** Keeps in mind what a command shows of keys. */
function learn({ name, values }: CommandMessage, redactor: Redactor): void {
  const [object, streamName] = values;
  if (namesStream.has(name) && typeof streamName === 'string') redactor.add(streamName);
  if (name !== 'connect') return;
  for (const value of textsIn(object)) {
    const at = value.indexOf('?');
    if (at >= 0) redactor.add(value.slice(at));
  }
}

/** The texts of a command object. */
const textsIn = (value: AmfValue): string[] =>
  typeof value === 'object' && value !== null
    ? Object.values(value).filter((field) => typeof field === 'string')
    : [];

/**
 * One line for one message, without a line feed: time of day (UTC), direction, type, message stream, timestamp, length,
 * and what it says.
 *
 * ```text
 * 12:34:56.789 > command  stream 1  0 ms  43 B  publish #5 null, "***", "live"
 * ```
 */
export function formatTraceLine(message: TracedMessage): string {
  const { direction, at, messageStreamId, timestamp, type, bytes, summary } = message;
  const time = new Date(at).toISOString().slice(11, 23);
  const arrow = direction === 'sent' ? '>' : '<';
  const fields = [`stream ${messageStreamId}`, `${timestamp} ms`, `${bytes} B`, summary];
  return `${time} ${arrow} ${[type, ...fields].join('  ').trimEnd()}`;
}
