import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describeError, reason, shownExample } from '@tallylight/contract';
import { describe, expect, it } from 'vitest';
import { cliCatalog } from './cli/index.js';
import { matchLanguage } from './language.js';
import { createMessages } from './messages.js';

const english = createMessages('en', cliCatalog);
const chinese = createMessages('zh-CN', cliCatalog);

describe('messages', () => {
  it('says an error in either language', () => {
    const error = describeError('CONNECTION_REFUSED', { host: 'example.net', port: 1935 }, 'tcp');
    expect(english.error(error).message).toBe('example.net refused the connection on port 1935.');
    expect(chinese.error(error).message).toBe('example.net 拒绝连接（端口 1935）。');
  });

  it('says an example of an address in words where its parts are nobody’s', () => {
    const said = (url: string) =>
      [english, chinese].map(({ wording }) => wording(shownExample(url)));
    expect(said('rtmps://server/app')).toEqual(['rtmps://server/app', 'rtmps://服务器/应用']);
    expect(said('rtmp://server:1935/live')).toEqual([
      ...['rtmp://server:1935/live', 'rtmp://服务器:1935/live'],
    ]);
    const own = 'rtmp://live.twitch.tv/app';
    expect(said(own)).toEqual([own, own]);
  });

  it('says a reason inside an error, and one inside that', () => {
    const why = reason('file-not-written', { file: 'a.flv', why: reason('disk-full') });
    const error = describeError('INVALID_OPTION', { reason: why });
    expect(english.error(error).message).toBe('a.flv cannot be written: the disk is full.');
    expect(chinese.error(error).message).toBe('无法写入“a.flv”：磁盘已满。');
  });

  it('ends a sentence of somebody else within one of ours once, and says what our own server says', () => {
    const refused = (words: string) =>
      describeError('STREAM_REFUSED', { host: 'example.net', reason: words }, 'publish');
    expect(english.error(refused('No such user.')).message).toBe(
      'example.net refused the stream: No such user.',
    );
    expect(chinese.error(refused('No such user.')).message).toMatch(/No such user。$/);
    expect(english.error(refused('Wait...')).message).toMatch(/Wait\.\.\.\.$/);
    const wrong = refused('The publish key is wrong.');
    expect(chinese.error(wrong).message).toMatch(/推流密钥不对。$/);
    expect(chinese.error(wrong).remedy).toContain('?key=');
  });

  it('says what helps with the reason, where that says more', () => {
    const written = (why: Parameters<typeof reason>[0]) =>
      english.error(describeError('RECORDING_FAILED', { file: 'a.flv', reason: reason(why) }))
        .remedy;
    expect(written('file-exists')).toMatch(/^Choose another name/);
    expect(written('is-folder')).toBe('Name a file in this folder.');
    expect(written('disk-silent')).toBe('Check the folder, the permissions and the free space.');
    const nested = reason('file-not-written', { file: 'a.flv', why: reason('file-exists') });
    const error = describeError('INVALID_OPTION', { reason: nested });
    expect(chinese.error(error).remedy).toBe('换一个文件名：已经存在的文件不会被覆盖。');
  });

  it('advises against TLS where it was TLS that was not answered, and names the step in words', () => {
    const silent = (phase: 'tls' | 'handshake') =>
      describeError('SERVER_SILENT', { host: 'a', port: 1, phase }, phase);
    expect(english.error(silent('tls')).remedy).toContain('may expect rtmp://');
    expect(english.error(silent('handshake')).remedy).toContain('may expect rtmps://');
    expect(english.error(silent('tls')).message).toContain('Encryption');
    expect(chinese.error(silent('handshake')).message).toContain('握手');
    expect(chinese.error(silent('handshake')).message).not.toContain('handshake');
  });

  it('says that it does not know what an error does not tell', () => {
    expect(english.error(describeError('HOST_NOT_FOUND')).message).toBe(
      'No server named "unknown" was found.',
    );
    expect(chinese.error(describeError('HOST_NOT_FOUND')).message).toBe('找不到服务器“未知”。');
  });

  it.each(['{{host}}', '$t(unknown)', '$& $1', '<b>&amp;</b>', '{{count}}'])(
    'repeats %s as it is',
    (host) => {
      const { message } = english.error(describeError('HOST_NOT_FOUND', { host }));
      expect(message).toBe(`No server named "${host}" was found.`);
    },
  );

  it('chooses the form of a plural by the language', () => {
    const of = (count: number) => ({ count, time: '0:00:01' });
    expect(english.t('cli.play.done', of(1))).toBe('Done: 0:00:01, 1 frame');
    expect(english.t('cli.play.done', of(2))).toBe('Done: 0:00:01, 2 frames');
    expect(chinese.t('cli.play.done', of(1))).toBe('完成：0:00:01，共 1 帧');
  });

  it('lists as the language does, with spaces between Chinese and what is none', () => {
    const only = reason('only-one-option', { options: '--a, --b, --c' });
    expect(english.wording(only)).toBe('Only one of --a, --b, and --c can be used at a time.');
    expect(chinese.wording(only)).toBe('--a、--b 和 --c 一次只能用一个。');
    expect(english.t('cli.didYouMean', { text: 'list, ls' })).toBe('Did you mean list or ls?');
    expect(chinese.t('cli.didYouMean', { text: 'list, ls' })).toBe('是不是想用 list 或 ls？');
    expect(chinese.t('cli.didYouMean', { text: 'list' })).toBe('是不是想用 list？');
  });

  it('writes numbers as the language does', () => {
    expect(english.number(1234.5, { minimumFractionDigits: 1 })).toBe('1,234.5');
    expect(english.wording(reason('bytes-acknowledged', { bytes: 1_234_567 }))).toBe(
      '1,234,567 bytes acknowledged',
    );
  });
});

describe('matchLanguage', () => {
  it.each([
    [['zh-Hans-CN'], 'zh-CN'],
    [['zh_CN.UTF-8'], 'zh-CN'],
    [['zh-TW', 'en'], 'zh-CN'],
    [['zh'], 'zh-CN'],
    [['ZH-cn'], 'zh-CN'],
    [['fr-FR', 'zh-CN', 'en'], 'zh-CN'],
    [['en-GB', 'zh-CN'], 'en'],
    [['C'], 'en'],
    [['C.UTF-8'], 'en'],
    [['POSIX'], 'en'],
    [['zha'], 'en'],
    [[undefined, ''], 'en'],
    [[], 'en'],
  ] as const)('%j is %s', (wishes, language) => {
    expect(matchLanguage(wishes)).toBe(language);
  });
});

it('keeps nothing of what it has said', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const heap = (): number => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  const say = (from: number): void => {
    for (let time = from; time < from + 10_000; time += 1) {
      const values = { time: `${time}`, kilobits: '2,500', fps: '30.0', dropped: 1 };
      english.t('cli.publish.progress', values);
    }
  };
  say(0);
  const before = heap();
  say(10_000);
  // A formatter for each set of values was more than 500 bytes, and more outside the heap.
  expect(heap() - before).toBeLessThan(10_000 * 200);
});
