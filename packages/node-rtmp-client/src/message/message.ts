import { AmfBudget } from '../amf/amf-budget.js';
import { MalformedError } from '../bytes/malformed-error.js';
import type { ChunkMessage, OutgoingChunkMessage } from '../chunk/chunk-message.js';
import { parseAbort, serializeAbort, type AbortMessage } from './abort.js';
import {
  parseAcknowledgement,
  serializeAcknowledgement,
  type AcknowledgementMessage,
} from './acknowledgement.js';
import { splitAggregate } from './aggregate.js';
import { parseCommand, serializeCommand, type CommandMessage } from './command.js';
import { parseData, serializeData, type DataMessage } from './data.js';
import type { MediaMessage } from './media.js';
import { messageTypeId } from './message-type-id.js';
import {
  parseSetChunkSize,
  serializeSetChunkSize,
  type SetChunkSizeMessage,
} from './set-chunk-size.js';
import {
  parseSetPeerBandwidth,
  serializeSetPeerBandwidth,
  type SetPeerBandwidthMessage,
} from './set-peer-bandwidth.js';
import { parseUserControl, serializeUserControl, type UserControlMessage } from './user-control.js';
import {
  parseWindowAcknowledgementSize,
  serializeWindowAcknowledgementSize,
  type WindowAcknowledgementSizeMessage,
} from './window-acknowledgement-size.js';

export type Message =
  | SetChunkSizeMessage
  | AbortMessage
  | AcknowledgementMessage
  | UserControlMessage
  | WindowAcknowledgementSizeMessage
  | SetPeerBandwidthMessage
  | CommandMessage
  | DataMessage
  | MediaMessage;

/** Only media may be larger: what is parsed into values costs more memory than its bytes. */
const maxParsedBytes = 1024 * 1024;

/** Chunk streams by what they carry: control is fixed by RTMP 1.0 §5.4, the rest is custom. All below 32. */
const chunkStream = { control: 2, connection: 3, audio: 4, data: 5, video: 6, stream: 8 } as const;

/**
 * The messages in `message`: one, or several from an aggregate, or none when its type is not known. Those of an
 * aggregate are parsed one at a time, within the limits of one, so that they are no more in memory than one.
 *
 * @param takesData whether data is among what is parsed; it is passed over otherwise.
 * @throws MalformedError, also while they are iterated.
 */
export function parseMessages(message: ChunkMessage, takesData = true): Iterable<Message> {
  if (message.typeId === messageTypeId.aggregate) return parseAggregate(message, takesData);
  const parsed = parseMessage(message, takesData);
  return parsed === undefined ? [] : [parsed];
}

function* parseAggregate(aggregate: ChunkMessage, takesData: boolean): Generator<Message> {
  const budget = new AmfBudget();
  for (const inner of splitAggregate(aggregate)) {
    const parsed = parseMessage(inner, takesData, budget);
    if (parsed !== undefined) yield parsed;
  }
}

function parseMessage(
  message: ChunkMessage,
  takesData: boolean,
  budget?: AmfBudget,
): Message | undefined {
  const { typeId, streamId, timestamp, payload } = message;
  switch (typeId) {
    case messageTypeId.audio:
      return { type: 'audio', streamId, timestamp, body: [payload] };
    case messageTypeId.video:
      return { type: 'video', streamId, timestamp, body: [payload] };
    case messageTypeId.setChunkSize:
      return parseSetChunkSize(payload);
    case messageTypeId.abort:
      return parseAbort(payload);
    case messageTypeId.acknowledgement:
      return parseAcknowledgement(payload);
    case messageTypeId.userControl:
      return parseUserControl(payload);
    case messageTypeId.windowAcknowledgementSize:
      return parseWindowAcknowledgementSize(payload);
    case messageTypeId.setPeerBandwidth:
      return parseSetPeerBandwidth(payload);
    case messageTypeId.commandAmf0:
    case messageTypeId.commandAmf3:
      checkParsedSize(message);
      return parseCommand(payload, streamId, typeId === messageTypeId.commandAmf3, budget);
    case messageTypeId.dataAmf0:
    case messageTypeId.dataAmf3:
      if (!takesData) return undefined;
      checkParsedSize(message);
      return parseData(payload, streamId, timestamp, typeId === messageTypeId.dataAmf3, budget);
    case messageTypeId.sharedObjectAmf0:
    case messageTypeId.sharedObjectAmf3:
      // §7.1.3: a matter of Flash applications.
      return undefined;
    default:
      return undefined;
  }
}

function checkParsedSize({ typeId, payload }: ChunkMessage): void {
  if (payload.length > maxParsedBytes) {
    throw new MalformedError(`A message of type ${typeId} with ${payload.length} bytes`);
  }
}

export function serializeMessage(message: Message): OutgoingChunkMessage {
  switch (message.type) {
    case 'audio':
    case 'video':
      return {
        chunkStreamId: chunkStream[message.type],
        typeId: messageTypeId[message.type],
        streamId: message.streamId,
        timestamp: message.timestamp,
        payload: message.body,
      };
    case 'data':
      return {
        chunkStreamId: chunkStream.data,
        typeId: messageTypeId.dataAmf0,
        streamId: message.streamId,
        timestamp: message.timestamp,
        payload: [serializeData(message)],
      };
    case 'command':
      return {
        chunkStreamId: message.streamId === 0 ? chunkStream.connection : chunkStream.stream,
        typeId: messageTypeId.commandAmf0,
        streamId: message.streamId,
        timestamp: 0,
        payload: [serializeCommand(message)],
      };
    case 'set-chunk-size':
      return control(messageTypeId.setChunkSize, serializeSetChunkSize(message));
    case 'abort':
      return control(messageTypeId.abort, serializeAbort(message));
    case 'acknowledgement':
      return control(messageTypeId.acknowledgement, serializeAcknowledgement(message));
    case 'user-control':
      return control(messageTypeId.userControl, serializeUserControl(message));
    case 'window-acknowledgement-size':
      return control(
        messageTypeId.windowAcknowledgementSize,
        serializeWindowAcknowledgementSize(message),
      );
    case 'set-peer-bandwidth':
      return control(messageTypeId.setPeerBandwidth, serializeSetPeerBandwidth(message));
  }
}

const control = (typeId: number, payload: Uint8Array): OutgoingChunkMessage => ({
  chunkStreamId: chunkStream.control,
  typeId,
  streamId: 0,
  timestamp: 0,
  payload: [payload],
});
