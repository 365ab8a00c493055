import type { BuiltInServerEvent } from '@tallylight/engine';
import { createMessages } from '@tallylight/messages';
import { cliCatalog } from '@tallylight/messages/cli';
import { expect, test } from 'vitest';
import { Printer } from '../../printer.js';
import { ServeTeller } from './serve-teller.js';

type StreamEvent = Extract<BuiltInServerEvent, { type: 'published' | 'ended' }>;

const event = (type: StreamEvent['type'], name: string) =>
  ({ type, stream: { app: 'live', name } }) as StreamEvent;

function tell(...events: BuiltInServerEvent[]): { said: string; lines: Record<string, unknown>[] } {
  let [said, printed] = ['', ''];
  const printer = new Printer({
    json: true,
    messages: createMessages('en', cliCatalog),
    stdout: { write: (text: string) => (printed += text) !== '' },
    stderr: { write: (text: string) => (said += text) !== '' },
  });
  const teller = new ServeTeller(printer);
  for (const one of events) teller.tell(one, 1);
  const lines = printed.trim().split('\n');
  return { said, lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

test('a stream goes by its name, and by its number where that looks like a key', () => {
  const { said, lines } = tell(
    event('published', 'cam1'),
    event('published', 'live_51234_abcdef'),
    event('ended', 'live_51234_abcdef'),
    event('ended', 'cam1'),
  );
  expect(said).toContain('● live/cam1 is on air');
  expect(said).toContain('● live/*** (#2) is on air');
  expect(said).toContain('○ live/*** (#2) has ended');
  expect(said).toContain('○ live/cam1 has ended');
  expect(lines.map(({ state, name, number }) => ({ state, name, number }))).toEqual([
    { state: 'published', name: 'cam1', number: 1 },
    { state: 'published', number: 2 },
    { state: 'ended', number: 2 },
    { state: 'ended', name: 'cam1', number: 1 },
  ]);
  expect(said + JSON.stringify(lines)).not.toContain('abcdef');
});

test('a name moves no cursor', () => {
  expect(tell(event('published', 'a\u001b[2J')).said).not.toContain('\u001b');
});
