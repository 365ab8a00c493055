import { expect, test } from 'vitest';
import { parseControlLine } from './control-line.js';

test.each([
  { type: 'add', to: 'rtmp://host/app/key' },
  { type: 'add', profile: 'Church' },
  { type: 'remove', name: 'Church' },
  { type: 'retry', name: '2' },
  { type: 'bitrate', videoBitrate: 1_500_000 },
  { type: 'record', path: 'show.mp4' },
  { type: 'save-replay', path: '/tmp/goal.mp4' },
  { type: 'stop-recording' },
  { type: 'pause-recording' },
  { type: 'resume-recording' },
])('$type of $to$profile$name$path$videoBitrate is read', (command) => {
  expect(parseControlLine(JSON.stringify(command))).toEqual(command);
});

test('a bitrate may be written as the option has it', () => {
  expect(parseControlLine('{"type":"bitrate","videoBitrate":"1500k"}')).toEqual({
    type: 'bitrate',
    videoBitrate: 1_500_000,
  });
});

test.each([
  '',
  '{"type":"bitrate","videoBitrate":"SECRET"}',
  '{"type":"bitrate","videoBitrate":1}',
  '{"type":"bitrate","videoBitrate":1500000,"name":"SECRET"}',
  'add rtmp://host/app/SECRET',
  '{"type":"add","to":"rtmp://host/app/SECRET"',
  '{"type":"add"}',
  '{"type":"add","to":"rtmp://h/a/SECRET","profile":"Church"}',
  '{"type":"add","to":5}',
  '{"type":"add","to":""}',
  '{"type":"add","name":"SECRET"}',
  '{"type":"remove","to":"rtmp://h/a/SECRET"}',
  '{"type":"stop","name":"SECRET"}',
  '{"type":"stop-recording","path":"SECRET"}',
  '{"type":"record"}',
  '{"type":"record","name":"SECRET"}',
  '{"type":"toString"}',
  '{"__proto__":{"type":"remove"},"name":"SECRET"}',
  '[]',
  'null',
  '"SECRET"',
])('%s is refused, and nothing of it is told', (line) => {
  const error = ((): unknown => {
    try {
      return parseControlLine(line);
    } catch (caught) {
      return caught;
    }
  })();
  expect(error).toMatchObject({ info: { code: 'INVALID_OPTION' } });
  expect(JSON.stringify(error)).not.toContain('SECRET');
});
