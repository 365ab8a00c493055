import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createLogger } from '../../logger.js';
import { WebHook, type WebHookOptions } from './web-hook.js';

let server: Server | undefined;
afterEach(() => {
  server?.close();
  server?.closeAllConnections();
});

const lines: string[] = [];
const logger = createLogger({ destination: { write: (line) => void lines.push(line) } });

async function hook(listener: RequestListener, options: Partial<WebHookOptions> = {}) {
  server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://me:secret-word@127.0.0.1:${port}/ask`;
  return new WebHook({ url, call: 'publish', secretParameters: ['key'], logger, ...options });
}

const question = {
  ...{ app: 'live', name: 'show', remote: '::ffff:192.0.2.7 port 1234' },
  query: new URLSearchParams('user=a%20b&key=own-key&addr=127.0.0.1&call=play'),
};

test('posts what nginx-rtmp would, without the key and without what would say who asks', async () => {
  let [body, headers] = ['', {}];
  const one = await hook((request, response) => {
    headers = { ...request.headers };
    request.on('data', (text: Buffer) => (body += text.toString()));
    request.on('end', () => response.end());
  });
  expect(await one.ask(question)).toEqual({ type: 'allowed', name: undefined });
  expect(body).toBe('call=publish&app=live&name=show&addr=192.0.2.7&user=a+b');
  expect(headers).toMatchObject({
    'content-type': expect.stringContaining('application/x-www-form-urlencoded') as string,
    authorization: `Basic ${Buffer.from('me:secret-word').toString('base64')}`,
  });
});

test.each([
  [200, {}, { type: 'allowed', name: undefined }],
  [204, {}, { type: 'allowed', name: undefined }],
  [302, { location: 'public-name' }, { type: 'allowed', name: 'public-name' }],
  [302, { location: 'rtmp://elsewhere/live' }, { type: 'refused', why: 'hookRefused' }],
  [301, {}, { type: 'refused', why: 'hookRefused' }],
  [403, {}, { type: 'refused', why: 'hookRefused' }],
  [500, {}, { type: 'refused', why: 'hookRefused' }],
])('an answer of %i with %o', async (status, headers, answer) => {
  const one = await hook((_, response) => response.writeHead(status, headers).end());
  expect(await one.ask(question)).toEqual(answer);
});

test('a player is not sent to another name', async () => {
  const moved: RequestListener = (_, response) =>
    response.writeHead(302, { location: 'other' }).end();
  const one = await hook(moved, { call: 'play' });
  expect(await one.ask(question)).toEqual({ type: 'refused', why: 'hookRefused' });
});

test('who does not answer refuses, no more than 64 wait, and the log has no password', async () => {
  const waiting: (() => void)[] = [];
  const one = await hook((request) => void waiting.push(() => request.socket.destroy()));
  const asked = Array.from({ length: 65 }, () => one.ask(question));
  expect(await asked[64]).toEqual({ type: 'refused', why: 'hookSilent' });
  while (waiting.length < 64) await new Promise((resolve) => setImmediate(resolve));
  for (const end of waiting) end();
  expect(new Set((await Promise.all(asked)).map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(lines).toHaveLength(65);
  expect(lines.join('')).not.toContain('secret-word');
});
