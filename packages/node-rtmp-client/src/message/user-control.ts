import { ByteReader } from '../bytes/byte-reader.js';
import { ByteWriter } from '../bytes/byte-writer.js';

/** Event types, RTMP 1.0 §7.1.7. */
const streamEvents = {
  'stream-begin': 0,
  'stream-eof': 1,
  'stream-dry': 2,
  'stream-is-recorded': 4,
} as const;
const setBufferLength = 3;
const pingEvents = { 'ping-request': 6, 'ping-response': 7 } as const;

export type UserControlEvent =
  | { readonly name: keyof typeof streamEvents; readonly streamId: number }
  | { readonly name: 'set-buffer-length'; readonly streamId: number; readonly milliseconds: number }
  | { readonly name: keyof typeof pingEvents; readonly timestamp: number };

/** RTMP 1.0 §6.2 */
export interface UserControlMessage {
  readonly type: 'user-control';
  readonly event: UserControlEvent;
}

/** @returns undefined for events that the specification does not name, which some servers send. */
export function parseUserControl(payload: Uint8Array): UserControlMessage | undefined {
  const reader = new ByteReader(payload);
  const eventType = reader.u16();
  for (const name of ['stream-begin', 'stream-eof', 'stream-dry', 'stream-is-recorded'] as const) {
    if (streamEvents[name] === eventType) return userControl({ name, streamId: reader.u32() });
  }
  for (const name of ['ping-request', 'ping-response'] as const) {
    if (pingEvents[name] === eventType) return userControl({ name, timestamp: reader.u32() });
  }
  if (eventType !== setBufferLength) return undefined;
  const streamId = reader.u32();
  return userControl({ name: 'set-buffer-length', streamId, milliseconds: reader.u32() });
}

export function serializeUserControl({ event }: UserControlMessage): Uint8Array {
  const writer = new ByteWriter(10);
  switch (event.name) {
    case 'set-buffer-length':
      return writer.u16(setBufferLength).u32(event.streamId).u32(event.milliseconds).finish();
    case 'ping-request':
    case 'ping-response':
      return writer.u16(pingEvents[event.name]).u32(event.timestamp).finish();
    default:
      return writer.u16(streamEvents[event.name]).u32(event.streamId).finish();
  }
}

export const userControl = (event: UserControlEvent): UserControlMessage => ({
  type: 'user-control',
  event,
});
