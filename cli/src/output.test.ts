import { describeError } from '@tallylight/contract';
import { expect, test } from 'vitest';
import { Output } from './output.js';

function capture(json: boolean, isTTY = false) {
  const texts = { stdout: '', stderr: '' };
  const output = new Output({
    json,
    stdout: { write: (text) => (texts.stdout += text) },
    stderr: { isTTY, write: (text) => (texts.stderr += text) },
  });
  return { output, texts };
}

test('JSON lines go to stdout, one object a line; words go to stderr', () => {
  const { output, texts } = capture(true);
  output.state({ state: 'live' });
  output.error(describeError('HOST_NOT_FOUND', { host: 'a' }));
  output.summary({ durationMs: 1 });
  const lines = texts.stdout.trimEnd().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { type: string }).type)).toEqual([
    ...['state', 'error', 'summary'],
  ]);
  expect(texts.stderr).toContain('No server named a was found.');
});

test('without --json stdout stays empty', () => {
  const { output, texts } = capture(false);
  output.state({ state: 'live' });
  output.summary({});
  output.say('words');
  expect(texts).toEqual({ stdout: '', stderr: 'words\n' });
});

test('a known key is replaced in text, even where a server said it', () => {
  const { output, texts } = capture(true);
  output.addSecret('s3cret');
  output.error(describeError('STREAM_REFUSED', { host: 'a', reason: 's3cret is not known' }));
  expect(texts.stdout + texts.stderr).not.toContain('s3cret');
});

test('a key that is also an ordinary word does not break the lines for programs', () => {
  const { output, texts } = capture(true);
  output.addSecret('live');
  output.state({ state: 'live', url: 'rtmp://a/live' });
  expect(JSON.parse(texts.stdout)).toEqual({ type: 'state', state: 'live', url: 'rtmp://a/live' });
});

test('progress is redrawn on a terminal, and comes rarely elsewhere', () => {
  const terminal = capture(false, true);
  for (const text of ['one', 'two']) terminal.output.progress(text);
  terminal.output.say('end');
  expect(terminal.texts.stderr).toBe('\r\u001b[2Kone\r\u001b[2Ktwo\nend\n');
  const file = capture(false);
  for (const text of ['one', 'two']) file.output.progress(text);
  expect(file.texts.stderr).toBe('one\n');
});
