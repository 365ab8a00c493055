import { describeError } from '@tallylight/contract';
import { createMessages } from '@tallylight/messages';
import { cliCatalog } from '@tallylight/messages/cli';
import { expect, test } from 'vitest';
import { saidName, withSaidName } from './destination-name.js';

const en = createMessages('en', cliCatalog);
const zh = createMessages('zh-CN', cliCatalog);

test.each([
  ['Built-in server', 'Built-in server', '内置服务器'],
  ['#2 Built-in server', '#2 Built-in server', '#2 内置服务器'],
  ['My Built-in server', 'My Built-in server', 'My Built-in server'],
  ['rtmp://host/live', 'rtmp://host/live', 'rtmp://host/live'],
])('%s is called so to people', (name, english, chinese) => {
  expect([saidName(name, en), saidName(name, zh)]).toEqual([english, chinese]);
});

test('so in what went wrong with it', () => {
  const error = describeError('EMPTY_KEY', { destination: 'Built-in server' });
  expect(zh.error(withSaidName(error, zh)).message).toContain('内置服务器');
  expect(withSaidName(describeError('PORT_IN_USE'), zh)).toEqual(describeError('PORT_IN_USE'));
});
