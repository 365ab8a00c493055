import { AppError, type AppErrorInfo } from '@tallylight/contract';
import { describe, expect, test } from 'vitest';
import { cliChinese, cliEnglish } from '../../../../test/support/cli-messages.js';
import { controlCommands, controlExamples } from '../control-commands.js';
import { parseControlCommand, readControlLine, type ControlCommand } from './control-line.js';

const read = (line: string): ControlCommand => parseControlCommand(readControlLine(line));

/** Why a line is refused. */
function refusal(line: string): AppErrorInfo {
  try {
    read(line);
  } catch (error) {
    if (error instanceof AppError) return error.info;
    throw error;
  }
  throw new Error(`${line} was read`);
}

const said = (line: string, messages = cliEnglish): string => messages.error(refusal(line)).message;

test.each([
  { type: 'add', to: 'rtmp://host/app/key' },
  { type: 'add', profile: 'Church' },
  { type: 'remove', name: 'Church' },
  { type: 'retry', name: '2' },
  { type: 'bitrate', videoBitrate: 1_500_000 },
  { type: 'record', path: 'show.mp4' },
  { type: 'save-replay', path: '/tmp/goal.mp4' },
  { type: 'stop-recording' },
  { type: 'stop-recording', name: 'show.mp4' },
  { type: 'pause-recording' },
  { type: 'resume-recording', name: '/tmp/show.mp4' },
])('$type of $to$profile$name$path$videoBitrate is read', (command) => {
  expect(read(JSON.stringify(command))).toEqual(command);
  const { id, ...request } = readControlLine(JSON.stringify({ id: 'a-7', ...command }));
  expect(id).toBe('a-7');
  expect(parseControlCommand(request)).toEqual(command);
});

test('a bitrate may be written as the option has it', () => {
  expect(read('{"type":"bitrate","videoBitrate":"1500k"}')).toEqual({
    type: 'bitrate',
    videoBitrate: 1_500_000,
  });
});

test('what the help shows can be typed, and shows every command', () => {
  const types = controlExamples.map((line) => read(line).type);
  expect([...new Set(types)]).toEqual(Object.keys(controlCommands));
});

describe('what is wrong is said with its field, what it may be and what it was', () => {
  test.each([
    [
      '{"type":"bitrate","videoBitrate":"abc"}',
      '`bitrate`: videoBitrate must be 50k to 100M (bits per second), such as 1500k, 2.5M or 1500000; got "abc".',
      '`bitrate`：videoBitrate 要写 50k 到 100M（比特每秒），例如 1500k、2.5M 或 1500000，收到的是"abc"。',
    ],
    [
      '{"type":"bitrate","videoBitrate":1}',
      '`bitrate`: videoBitrate must be 50k to 100M (bits per second), such as 1500k, 2.5M or 1500000; got 1.',
      /收到的是1。$/,
    ],
    ['{"type":"bitrate"}', /videoBitrate must be .*; got nothing\.$/, /收到的是空内容。$/],
    [
      '{"type":"bitrate","videoBitrate":"200k","name":"x"}',
      '`bitrate` takes videoBitrate and id; got "name".',
      '`bitrate` 可以写 videoBitrate 和 id，收到的是"name"。',
    ],
    [
      '{"type":"bitrat"}',
      /^`type` must be add, remove, retry, bitrate, record, .* or save-replay; got "bitrat"\.$/,
      /^`type` 只能是 add、remove、.*或 save-replay，收到的是"bitrat"。$/,
    ],
    ['{}', /^`type` must be .*; got nothing\.$/, /收到的是空内容。$/],
    ['{"type":"toString"}', /got "toString"\.$/, /"toString"。$/],
    [
      '{"type":"add"}',
      '`add` takes one of to and profile; got nothing.',
      '`add`：to 和 profile 要写其中一个，收到的是空内容。',
    ],
    [
      '{"type":"add","to":"rtmp://h/a/k","profile":"Church"}',
      '`add` takes one of to and profile; got several.',
      /收到的是多个。$/,
    ],
    [
      '{"type":"add","to":5}',
      '`add`: to must be an address with the stream key, rtmp[s]://HOST/APP/KEY; got a number.',
      /^`add`：to 要写带串流密钥的推流地址 rtmp\[s\]:\/\/主机\/应用\/密钥，收到的是一个数字。$/,
    ],
    [
      '{"type":"record"}',
      '`record`: path must be the path of a new file that ends with .mp4 or .flv; got nothing.',
      /以 \.mp4 或 \.flv 结尾的新文件路径，收到的是空内容。$/,
    ],
    ['{"type":"save-replay","path":["a"]}', /got a list\.$/, /一个数组。$/],
    [
      '{"type":"retry","name":true}',
      /the name or the id of a destination; got true or false\.$/,
      /true 或 false。$/,
    ],
    [
      '{"type":"stop-recording","path":"x"}',
      '`stop-recording` takes name and id; got "path".',
      /可以写 name 和 id/,
    ],
    [
      '{"type":"stop-recording","name":""}',
      /the name, the path or the id of a recording; got nothing\.$/,
      /空内容。$/,
    ],
    [
      '{"type":"retry","name":"x","id":{}}',
      /^`retry`: id must be a text of up to 64 .*; got an object\.$/,
      /id 要写不超过 64 个字符/,
    ],
    [
      'add rtmp://h/a/k',
      /^A line on stdin is a JSON object such as \{"type":"retry".*; this one is not\.$/,
      /JSON 对象/,
    ],
    ['[]', /JSON object/, /JSON 对象/],
  ])('%s', (line, english, chinese) => {
    expect(refusal(line).code).toBe('INVALID_OPTION');
    expect(said(line)).toMatch(typeof english === 'string' ? exactly(english) : english);
    expect(said(line, cliChinese)).toMatch(
      typeof chinese === 'string' ? exactly(chinese) : chinese,
    );
  });
});

test.each([
  'SECRET_1',
  'add rtmp://host/app/SECRET_1',
  '{"type":"add","to":"rtmp://host/app/SECRET_1"',
  '{"type":"SECRET_1"}',
  '{"type":"bitrate","videoBitrate":"rtmp://h/a/SECRET_1"}',
  '{"type":"add","SECRET_1":"x"}',
  '{"type":"add","to":"rtmp://h/a/SECRET_1","profile":"Church"}',
  '{"type":"add","to":["SECRET_1"]}',
  '{"type":"remove","to":"rtmp://h/a/SECRET_1"}',
  '{"type":"stop","name":"SECRET_1"}',
  '{"type":"record","name":"SECRET_1"}',
  '{"__proto__":{"type":"remove"},"name":"SECRET_1"}',
  '"SECRET_1"',
])('%s is refused, and nothing of it is told that may be a key', (line) => {
  const info = refusal(line);
  expect(info.code).toBe('INVALID_OPTION');
  expect(JSON.stringify(info)).not.toContain('SECRET');
});

const exactly = (text: string): RegExp =>
  new RegExp(`^${text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`);
