import { cliChinese, cliEnglish } from '../../test/support/cli-messages.js';
import { describeError, reason, shownExample } from '@tallylight/contract';
import { expect, test } from 'vitest';
import { Printer } from './printer.js';

function capture(json: boolean, isTTY = false, columns?: number, messages = cliEnglish) {
  const texts = { stdout: '', stderr: '' };
  const printer = new Printer({
    messages,
    json,
    stdout: { write: (text) => (texts.stdout += text) },
    stderr: {
      isTTY,
      ...(columns !== undefined && { columns }),
      write: (text) => (texts.stderr += text),
    },
  });
  return { printer, texts };
}

test('JSON lines go to stdout, one object a line; words go to stderr', () => {
  const { printer, texts } = capture(true);
  printer.state({ state: 'live' });
  printer.error(describeError('HOST_NOT_FOUND', { host: 'a' }));
  printer.summary({ durationMs: 1 });
  const lines = texts.stdout.trimEnd().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { type: string }).type)).toEqual([
    ...['state', 'error', 'summary'],
  ]);
  expect(texts.stderr).toContain('No server named "a" was found.');
});

test('without --json stdout stays empty', () => {
  const { printer, texts } = capture(false);
  printer.state({ state: 'live' });
  printer.summary({});
  printer.say('words');
  expect(texts).toEqual({ stdout: '', stderr: 'words\n' });
});

test('where devices are listed is told on the command line', () => {
  const { printer, texts } = capture(false);
  printer.error(describeError('CAMERA_NOT_FOUND', { device: 'video7' }));
  expect(texts.stderr).toContain('The camera video7 was not found.');
  expect(texts.stderr).toContain('"tallylight devices" lists them');
});

test('how a folder that is missing is made is told, and where an address that is missing is found', () => {
  const why = reason('file-not-written', {
    file: '/v/my shows/a.mp4',
    why: reason('no-such-folder'),
  });
  const errors = [
    describeError('INVALID_OPTION', { reason: why }),
    describeError('RECORDING_FAILED', { file: '/v/b.mp4', reason: reason('no-such-folder') }),
    describeError('INVALID_OPTION', {
      reason: reason('preset-needs-address', {
        option: '--url',
        example: shownExample('rtmps://server/app'),
      }),
      service: 'douyin',
    }),
  ];
  const said = [cliEnglish, cliChinese].map((messages) => {
    const { printer, texts } = capture(true, false, undefined, messages);
    for (const error of errors) printer.error(error);
    // Programs are told in English.
    expect(texts.stdout).not.toMatch(/\p{Script=Han}/u);
    return texts.stderr.split('\n');
  });
  expect(said[0]).toEqual([
    '✗ /v/my shows/a.mp4 cannot be written: there is no such folder.',
    '  Create the folder first: mkdir -p "/v/my shows"',
    '✗ Nothing can be recorded to /v/b.mp4: there is no such folder.',
    '  Create the folder first: mkdir -p "/v"',
    '✗ The option --url is missing: this address is another for each account or server, such as rtmps://server/app.',
    `  ${cliEnglish.t('presets.douyin.hint')}`,
    '',
  ]);
  expect(said[1]?.slice(4)).toEqual([
    '✗ 缺少 --url：这里的推流地址因账号或服务器而异，形如 rtmps://服务器/应用。',
    `  ${cliChinese.t('presets.douyin.hint')}`,
    '',
  ]);
});

test('a known key is replaced in text, even where a server said it', () => {
  const { printer, texts } = capture(true);
  printer.addSecret('s3cret');
  printer.error(describeError('STREAM_REFUSED', { host: 'a', reason: 's3cret is not known' }));
  printer.summary({ lastError: describeError('INTERNAL', { reason: 'no s3cret' }) });
  expect(texts.stdout + texts.stderr).not.toContain('s3cret');
});

test('a key that is also an ordinary word blanks neither our words nor what the user gave', () => {
  for (const json of [true, false]) {
    const { printer, texts } = capture(json);
    for (const key of ['live', 'show', 'footage', 'closed']) printer.addSecret(key);
    const recording = { path: '/tmp/sen/show.flv', detail: 'footage-720p30.mp4' };
    printer.state({ state: 'live', url: 'rtmp://a/live', recording });
    printer.say('LIVE');
    printer.answer('Recorded to /tmp/sen/show.flv');
    printer.error(describeError('CONNECTION_LOST', { host: 'a', reason: reason('closed') }));
    printer.error(describeError('FILE_UNWRITABLE', { file: 'show.flv', reason: '"show" is full' }));
    expect(texts.stderr).toMatch(/^LIVE$/m);
    expect(texts.stderr + texts.stdout).toContain('Recorded to /tmp/sen/show.flv\n');
    expect(texts.stderr).toContain('it closed the connection');
    expect(texts.stderr).toContain('show.flv cannot be written: "***" is full');
    if (!json) continue;
    const [state, , full] = texts.stdout
      .split('\n')
      .map((line) => JSON.parse(line || '{}') as object);
    expect(state).toEqual({ type: 'state', state: 'live', url: 'rtmp://a/live', recording });
    expect(full).toMatchObject({ data: { file: 'show.flv', reason: '"***" is full' } });
  }
});

test('JSON has no digits that are only noise of the clock', () => {
  const { printer, texts } = capture(true);
  printer.stats({
    ...{
      elapsedMs: 2.9350029999999947,
      rttMs: 1.648875999999973,
      fps: 31.961905499768182,
      frames: 7,
    },
    detail: reason('ping-answered', { milliseconds: 0.30000000000000004 }),
  });
  expect(JSON.parse(texts.stdout)).toEqual({
    ...{ type: 'stats', elapsedMs: 2.9, rttMs: 1.6, fps: 31.962, frames: 7 },
    detail: { reason: 'ping-answered', data: { milliseconds: 0.3 } },
  });
});

test('what stands behind progress is left out where a line of the terminal has no room for it', () => {
  const progress = (columns: number | undefined, isTTY = true) => {
    const { printer, texts } = capture(false, isTTY, columns);
    printer.progress('x'.repeat(20), ['速度 1', 'CPU 38 %']);
    return texts.stderr.replace('\r\u001b[2K', '');
  };
  const line = 'x'.repeat(20);
  expect(progress(undefined)).toBe(`${line}  速度 1  CPU 38 %`);
  expect(progress(39)).toBe(`${line}  速度 1  CPU 38 %`);
  expect(progress(38)).toBe(`${line}  速度 1`);
  expect(progress(28)).toBe(line);
  expect(progress(10)).toBe(line);
  expect(progress(10, false)).toBe(`${line}  速度 1  CPU 38 %\n`);
});

test('progress is redrawn on a terminal, and comes rarely elsewhere', () => {
  const terminal = capture(false, true);
  for (const text of ['one', 'two']) terminal.printer.progress(text);
  terminal.printer.say('end');
  expect(terminal.texts.stderr).toBe('\r\u001b[2Kone\r\u001b[2Ktwo\nend\n');
  const file = capture(false);
  for (const text of ['one', 'two']) file.printer.progress(text);
  expect(file.texts.stderr).toBe('one\n');
});
