import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { PlayAccess } from '../access/play-access.js';
import { signToken } from '../access/signed-token.js';
import { statisticsRefusal } from './statistics-response.js';

const request = (localAddress: string, url = '/stat'): IncomingMessage =>
  ({ url, headers: {}, socket: { localAddress } }) as unknown as IncomingMessage;

test('without a play key the statistics are for this machine alone', () => {
  const access = new PlayAccess();
  for (const here of ['127.0.0.1', '::1', '::ffff:127.0.0.1'])
    expect(statisticsRefusal(request(here), access)).toBeUndefined();
  for (const network of ['192.0.2.1', '2001:db8::1', '::ffff:192.0.2.1'])
    expect(statisticsRefusal(request(network), access)).toBe('statisticsNeedKey');
});

test('with a play key they are for who has it, or a link for every stream, also on this machine', () => {
  const access = new PlayAccess('sesame');
  const until = Date.now() + 60_000;
  const one = signToken('sesame', { stream: 'live/show', until });
  const all = signToken('sesame', { stream: undefined, until });
  const over = signToken('sesame', { stream: undefined, until: Date.now() - 1000 });
  const why = (query: string) => statisticsRefusal(request('127.0.0.1', `/stat${query}`), access);
  expect(why('')).toBe('playKeyMissing');
  expect(why('?key=wrong')).toBe('playKeyWrong');
  expect(why(`?token=${one}`)).toBe('statisticsOfAll');
  expect(why(`?token=${over}`)).toBe('linkExpired');
  expect(why(`?token=${all}`)).toBeUndefined();
  expect(why('?key=sesame')).toBeUndefined();
});
