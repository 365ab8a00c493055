import { reason } from '@tallylight/contract';
import { toErrorInfo, type DestinationTarget } from '@tallylight/engine';
import { expect, test } from 'vitest';
import { cliChinese, cliEnglish } from '../../../../test/support/cli-messages.js';
import { noSuchDestination } from './control-targets.js';
import { refuseAgain } from './refuse-twice.js';

const thrown = (run: () => void): unknown => {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
};

const said = (error: unknown, messages = cliEnglish): string =>
  messages.error(toErrorInfo(error)).message;

const there = [
  { id: '1', name: 'Church' },
  { id: '2', name: 'Twitch' },
];

test('a name that none has is repeated, with the names and ids that there are; a key never is', () => {
  const names = '`retry`: name must be "Church" or "Twitch", or an id: "1" or "2"; got ';
  expect(said(noSuchDestination('retry', there, 'Twich'))).toBe(`${names}"Twich".`);
  expect(said(noSuchDestination('retry', there, '7'))).toBe(`${names}"7".`);
  for (const key of ['live_4711_aB3xYz', undefined]) {
    expect(said(noSuchDestination('retry', there, key))).toBe(`${names}another text.`);
  }
  expect(said(noSuchDestination('retry', there, '7'), cliChinese)).toBe(
    '`retry`：name 只能写 "Church" 或 "Twitch"，或者 id "1" 或 "2"，收到的是"7"。',
  );
  expect(said(noSuchDestination('retry', [], '7'))).toBe('This broadcast has no destination.');
});

test('one that is there already is not called named twice: its id is said', () => {
  const target = (id: string, streamKey: string, host = 'a.example'): DestinationTarget => ({
    ...{ id, name: `${host}/live`, streamKey },
    address: { protocol: 'rtmp', host, port: 1935, app: 'live', tcUrl: `rtmp://${host}/live` },
  });
  const known = [target('1', 'one'), target('2', 'two')];
  expect(thrown(() => refuseAgain(target('3', 'three'), known))).toBeUndefined();
  const error = thrown(() => refuseAgain(target('3', 'two', 'A.example'), known));
  expect(toErrorInfo(error).data['reason']).toEqual(
    reason('already-sent-to', { destination: 'a.example/live', id: '2' }),
  );
  expect(said(error)).toContain('a.example/live is a destination of this broadcast already');
  expect(said(error)).toContain('as id 2.');
});
