import fc from 'fast-check';
import { expect, test } from 'vitest';
import { streamInputId } from './settings.js';
import { serverStreamId, streamChoiceOf } from './stream-input.js';

test('a stream on the built-in server is chosen under an id that names it, whatever it is called', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 40 });
  fc.assert(
    fc.property(text, text.filter(Boolean), (app, name) => {
      const from = { app, name };
      expect(streamChoiceOf(serverStreamId(from))).toEqual({ from });
    }),
  );
  expect(serverStreamId({ app: 'live/a', name: 'cam?x' })).toBe('stream-input:live%2Fa/cam%3Fx');
});

test.each(['', 'c1', 'test-picture', 'stream-input:', 'stream-input:live', 'stream-input:%/%'])(
  'no stream is chosen by %j',
  (id) => expect(streamChoiceOf(id)).toBeUndefined(),
);

test('the own address of the input is chosen by its id alone', () => {
  expect(streamChoiceOf(streamInputId)).toEqual({});
});
