import { cliEnglish } from '../../test/support/cli-messages.js';
import { describeError } from '@tallylight/contract';
import { expect, test } from 'vitest';
import { Printer } from './printer.js';

function capture(json: boolean, isTTY = false) {
  const texts = { stdout: '', stderr: '' };
  const printer = new Printer({
    messages: cliEnglish,
    json,
    stdout: { write: (text) => (texts.stdout += text) },
    stderr: { isTTY, write: (text) => (texts.stderr += text) },
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
  expect(texts.stderr).toContain('No server named a was found.');
});

test('without --json stdout stays empty', () => {
  const { printer, texts } = capture(false);
  printer.state({ state: 'live' });
  printer.summary({});
  printer.say('words');
  expect(texts).toEqual({ stdout: '', stderr: 'words\n' });
});

test('a known key is replaced in text, even where a server said it', () => {
  const { printer, texts } = capture(true);
  printer.addSecret('s3cret');
  printer.error(describeError('STREAM_REFUSED', { host: 'a', reason: 's3cret is not known' }));
  expect(texts.stdout + texts.stderr).not.toContain('s3cret');
});

test('a key that is also an ordinary word does not break the lines for programs', () => {
  const { printer, texts } = capture(true);
  printer.addSecret('live');
  printer.state({ state: 'live', url: 'rtmp://a/live' });
  expect(JSON.parse(texts.stdout)).toEqual({ type: 'state', state: 'live', url: 'rtmp://a/live' });
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
