import { serverRoles } from '@tallylight/contract';
import { serverConfigWords } from '@tallylight/messages/server-config';
import { describe, expect, test } from 'vitest';
import { serverConfigOptions } from '../../../../test/support/server-config-options.js';
import { nginxConfig } from './nginx-config.js';
import { argument, nginxCannotHold } from './nginx-syntax.js';
import { longestArgument } from './player-page.js';
import { publishCheckPath } from './publish-check.js';

const words = [serverConfigWords('en'), serverConfigWords('zh-CN')];
const [english = serverConfigWords('en')] = words;
const key = 'publish-k3y';
const everything = {
  ...{ hls: true, dash: true, stat: true, record: '/srv/recordings' },
  publishKey: { key, variable: 'KEY' },
  push: [{ host: '192.0.2.1', port: 1935, app: 'app', streamKey: 'push-k3y' }],
  origin: { rtmp: { host: '192.0.2.1', port: 1935 }, http: { host: '192.0.2.1', port: 8080 } },
};

test.each([
  ['rtmp://192.0.2.1:1935/live', 'rtmp://192.0.2.1:1935/live'],
  ['/srv/a b', '"/srv/a b"'],
  ['a"b\\c', String.raw`"a\"b\\c"`],
  ["it's;{}$x #", '"it\'s;{}$x #"'],
  ['', '""'],
])('%j is an argument', (text, written) => {
  expect(argument(text)).toBe(written);
});

test('what nginx cannot hold is found, and a path holds less', () => {
  expect(nginxCannotHold('a\nb', 'text')).toBe('\n');
  expect(nginxCannotHold('a\u0000b', 'text')).toBe('\u0000');
  expect(nginxCannotHold('a\uD800b', 'text')).toBe('\uD800');
  expect(nginxCannotHold('a$b é 中', 'text')).toBeUndefined();
  expect(nginxCannotHold('/srv/$a', 'path')).toBe('$');
});

describe('the publish key', () => {
  const accepted = (text: string): string[] =>
    nginxConfig(serverConfigOptions({ publishKey: { key: text, variable: 'KEY' } }), english)
      .split('\n')
      .filter((line) => line.includes('$arg_key'))
      .map((line) => /\$arg_key = (.*)\) \{/.exec(line)?.[1] ?? '');

  test.each([
    ['plain-k3y', ['"plain-k3y"']],
    ['a/b', ['"a/b"', '"a%2Fb"']],
    ['a&b c', ['"a%26b%20c"']],
    ['a$b', ['"a${dollar}b"', '"a%24b"']],
    [`"'\\`, [String.raw`"\"'\\"`, '"%22%27%5C"']],
    ['é', ['"é"', '"%C3%A9"']],
  ])('%s is taken as a URL can hold it', (text, spellings) => {
    expect(accepted(text)).toEqual(spellings);
  });

  test('the path that nginx asks itself at is another one for each key, and none for an edge', () => {
    expect(publishCheckPath('a')).not.toBe(publishCheckPath('b'));
    const text = nginxConfig(serverConfigOptions({ ...everything, role: 'edge' }), english);
    expect(text).not.toMatch(/on_publish|k3y|record|push rtmp|KEY/);
  });
});

describe.each(serverRoles)('of %s', (role) => {
  const texts = words.map((each) =>
    nginxConfig(serverConfigOptions({ ...everything, role }), each),
  );

  test('no argument is longer than nginx takes', () => {
    for (const text of texts) {
      const strings = text.match(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g) ?? [];
      const longest = Math.max(...strings.map((string) => Buffer.byteLength(string)));
      expect(longest).toBeGreaterThan(500);
      expect(longest).toBeLessThan(longestArgument);
    }
  });

  test('comments are within their width, hold no key, and every sentence is filled in', () => {
    for (const text of texts) {
      const comments = text.split('\n').filter((line) => /^\s*#/.test(line));
      expect(comments.length).toBeGreaterThan(30);
      expect(comments.join('\n')).not.toMatch(/k3y|\{\{/);
      // Commands that are to be copied stay on one line.
      const sentences = comments.filter((line) => !line.includes('#   '));
      expect(Math.max(...sentences.map((line) => line.trim().length))).toBeLessThanOrEqual(98);
    }
  });
});
