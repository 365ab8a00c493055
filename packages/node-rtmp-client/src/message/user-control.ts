import { ByteReader } from '../bytes/byte-reader.js';
import { ByteWriter } from '../bytes/byte-writer.js';

/** Events about a message stream, RTMP 1.0 §7.1.7; the last two are Flash Media Server's, and written nowhere. */
const streamEvents = {
  'stream-begin': 0,
  'stream-eof': 1,
  'stream-dry': 2,
  'stream-is-recorded': 4,
  'buffer-empty': 31,
  'buffer-ready': 32,
} as const;
const setBufferLength = 3;
const pingEvents = { 'ping-request': 6, 'ping-response': 7 } as const;

type StreamEventName = keyof typeof streamEvents;
type PingEventName = keyof typeof pingEvents;

export type UserControlEvent =
  | { readonly name: StreamEventName; readonly streamId: number }
  | { readonly name: 'set-buffer-length'; readonly streamId: number; readonly milliseconds: number }
  | { readonly name: PingEventName; readonly timestamp: number };

/** RTMP 1.0 §6.2 */
export interface UserControlMessage {
  readonly type: 'user-control';
  readonly event: UserControlEvent;
}

const byType = <Name extends string>(types: Record<Name, number>): ReadonlyMap<number, Name> =>
  new Map((Object.entries(types) as [Name, number][]).map(([name, type]) => [type, name]));
const streamEventNames = byType(streamEvents);
const pingEventNames = byType(pingEvents);

/** @returns undefined for events that are not known, or cut short, which some servers send. */
export function parseUserControl(payload: Uint8Array): UserControlMessage | undefined {
  const reader = new ByteReader(payload);
  if (reader.remaining < 2) return undefined;
  const eventType = reader.u16();
  if (reader.remaining < (eventType === setBufferLength ? 8 : 4)) return undefined;
  const streamEvent = streamEventNames.get(eventType);
  if (streamEvent !== undefined) return userControl({ name: streamEvent, streamId: reader.u32() });
  const pingEvent = pingEventNames.get(eventType);
  if (pingEvent !== undefined) return userControl({ name: pingEvent, timestamp: reader.u32() });
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
