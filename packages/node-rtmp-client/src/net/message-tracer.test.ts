import { expect, it } from 'vitest';
import type { AmfObject } from '../amf/amf-value.js';
import { serializeAmf0 } from '../amf/amf0.js';
import { messageTypeId } from '../message/message-type-id.js';
import { formatTraceLine, traceMessages, type TracedMessage } from './message-tracer.js';

function traceOf(
  typeId: number,
  payload: readonly Uint8Array[],
  secrets: readonly string[] = [],
): TracedMessage {
  const told: TracedMessage[] = [];
  const listener = traceMessages((message) => told.push(message), secrets);
  listener({ direction: 'received', typeId, streamId: 1, timestamp: -1, payload });
  const [message] = told;
  if (message === undefined) throw new Error('nothing was told');
  return message;
}

const command = (...values: Parameters<typeof serializeAmf0>[0]): string =>
  traceOf(messageTypeId.commandAmf0, [serializeAmf0(values)]).summary;

it('puts a message into one line', () => {
  const message = { ...traceOf(messageTypeId.acknowledgement, [Uint8Array.of(0, 0, 1, 0)]), at: 1 };
  expect(message).toEqual({
    ...{ direction: 'received', at: 1, messageStreamId: 1, timestamp: 0xffffffff },
    ...{ type: 'acknowledgement', bytes: 4, summary: '256' },
  });
  expect(formatTraceLine(message)).toBe(
    '00:00:00.001 < acknowledgement  stream 1  4294967295 ms  4 B  256',
  );
});

it.each([
  { name: 'of a type that is not known', typeId: 99, payload: [1], type: 'type 99', summary: '' },
  { name: 'cut short', typeId: 1, payload: [1], type: 'set-chunk-size', summary: 'malformed' },
  {
    name: 'of no codec',
    typeId: 9,
    payload: [0x12],
    type: 'video',
    summary: 'not known, first byte 0x12',
  },
  { name: 'of silence', typeId: 8, payload: [], type: 'audio', summary: 'empty' },
  { name: 'to abort', typeId: 2, payload: [0, 0, 0, 6], type: 'abort', summary: 'chunk stream 6' },
])('says what it can of a message $name', ({ typeId, payload, type, summary }) => {
  expect(traceOf(typeId, [Uint8Array.from(payload)])).toMatchObject({ type, summary });
});

it('shows AMF values as JSON would have them', () => {
  const object: AmfObject = { a: [1, 'two', null, undefined, true], d: new Date(5) };
  expect(command('call', 7, object, 'x\n\u001b[31m')).toBe(
    '"call" #7 {"a": [1, "two", null, undefined, true], "d": Date(5)}, "x\\n\\u001b[31m"',
  );
});

it('keeps a line small, however much a peer says', () => {
  const deep: AmfObject = { a: { b: { c: { d: { e: 1 } } } } };
  expect(command('onStatus', 0, deep)).toBe('onStatus #0 {"a": {"b": {"c": {"d": …}}}}');
  const wide = Object.fromEntries(Array.from({ length: 999 }, (_, i) => [`field ${i}`, 'text']));
  expect(command('onStatus', 0, wide).length).toBeLessThan(2_000);
  expect(command('onStatus', 0, 'x'.repeat(50_000)).length).toBeLessThan(300);
});

it('takes secrets out of names, too, but not out of the vocabulary of RTMP', () => {
  const secret = ['publish'];
  const payload = serializeAmf0(['publish', 1, null, 'publish', { publish: 'publish' }]);
  expect(traceOf(messageTypeId.commandAmf0, [payload], secret).summary).toBe(
    'publish #1 null, "***", {"***": "***"}',
  );
  const other = serializeAmf0(['hush-hush', 1]);
  expect(traceOf(messageTypeId.commandAmf0, [other], ['hush-hush']).summary).toBe('"***" #1 ');
});
