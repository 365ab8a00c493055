import { english } from '../../../../../test/support/english.js';
import { appError } from '@tallylight/contract';
import { createMessages } from '@tallylight/messages';
import {
  parseRtmpUrl,
  Redactor,
  RtmpError,
  type RtmpErrorCode,
  type RtmpPhase,
  type RtmpProblem,
} from 'node-rtmp-client';
import { describe, expect, test } from 'vitest';
import { lossCause, rtmpErrorToAppError } from './destination-errors.js';
import { withoutKeys } from './stream-place.js';

const context = {
  host: 'live.example.net',
  port: 1935,
  app: 'app',
  url: 'rtmp://live.example.net/app',
  redact: (text: string) => new Redactor(['geheim']).redact(text),
};

const cases: [RtmpErrorCode, RtmpPhase, string, string | undefined][] = [
  ['dns-not-found', 'dns', 'HOST_NOT_FOUND', 'dns'],
  ['refused', 'tcp', 'CONNECTION_REFUSED', 'tcp'],
  ['unreachable', 'tcp', 'HOST_UNREACHABLE', 'tcp'],
  ['timeout', 'tcp', 'CONNECT_TIMEOUT', 'tcp'],
  ['timeout', 'handshake', 'SERVER_SILENT', 'handshake'],
  ['timeout', 'streaming', 'CONNECTION_LOST', undefined],
  ['tls-not-spoken', 'tls', 'TLS_NOT_SPOKEN', 'tls'],
  ['tls-certificate', 'tls', 'TLS_CERTIFICATE', 'tls'],
  ['not-rtmp', 'handshake', 'NOT_RTMP', 'handshake'],
  ['closed', 'handshake', 'NOT_RTMP', 'handshake'],
  ['connect-rejected', 'connect', 'APP_REJECTED', 'connect'],
  ['publish-rejected', 'publish', 'STREAM_REFUSED', 'publish'],
  ['play-rejected', 'play', 'PLAY_REFUSED', undefined],
  ['stream-busy', 'publish', 'STREAM_BUSY', 'publish'],
  ['auth-required', 'connect', 'AUTH_REQUIRED', 'connect'],
  ['reset', 'streaming', 'CONNECTION_LOST', undefined],
  ['protocol', 'streaming', 'CONNECTION_LOST', undefined],
];

describe('rtmpErrorToAppError', () => {
  test('shows no key that was typed into the URL, and the application as it is', () => {
    const place = { address: parseRtmpUrl('rtmp://a/live'), streamKey: 'geheim' };
    const hiding = { ...context, hideKey: (app: string) => withoutKeys(app, place) };
    for (const [app, shown] of [
      ['live/geheim', 'live/***'],
      ['geheim', 'geheim'],
    ]) {
      const error = new RtmpError('connect-rejected', 'connect', 'no', { app: app ?? '' });
      expect(rtmpErrorToAppError(error, hiding).info.data['app']).toBe(shown);
    }
  });

  test('names the server that refused, which may be another than we were told to go to', () => {
    const data = { host: 'other.example.net', port: 1936, app: 'elsewhere' };
    const error = new RtmpError('connect-rejected', 'connect', 'no', data);
    expect(rtmpErrorToAppError(error, context).info).toMatchObject({ code: 'APP_REJECTED', data });
  });

  test.each(cases)('%s in %s is %s', (code, phase, expected, expectedPhase) => {
    const { info } = rtmpErrorToAppError(new RtmpError(code, phase, 'because'), context);
    expect(info.code).toBe(expected);
    expect(info.phase).toBe(expectedPhase);
    expect(english.error(info).message).not.toContain('unknown');
  });

  test('says what the server said, without the key', () => {
    const error = new RtmpError('publish-rejected', 'publish', 'stream geheim is not allowed');
    const { info } = rtmpErrorToAppError(error, context);
    expect(english.error(info).message).toContain('stream *** is not allowed');
    expect(JSON.stringify(info)).not.toContain('geheim');
  });

  test.each(['closed', 'reset'])(
    'does not take a connection that is %s at publish for a no',
    (problem) => {
      const error = new RtmpError('publish-rejected', 'publish', 'in English', { problem });
      const { info } = rtmpErrorToAppError(error, context);
      expect(info).toMatchObject({ code: 'CLOSED_AT_PUBLISH', phase: 'publish' });
      expect(english.error(info).message).toBe(
        'live.example.net closed the connection when the stream was announced: the stream key may be wrong, or the server was restarted.',
      );
    },
  );

  test.each<[RtmpErrorCode, RtmpPhase, RtmpProblem, RegExp]>([
    ['connect-rejected', 'connect', 'closed', /拒绝了应用“app”：服务器关闭了连接。/],
    ['play-rejected', 'play', 'closed', /不允许播放这路流：服务器关闭了连接。/],
    ['publish-rejected', 'publish', 'no-reason-given', /拒绝了推流：服务器没有说明原因。/],
    ['not-rtmp', 'handshake', 'web-server', /不是 RTMP（这是网页服务器）。/],
    ['not-rtmp', 'handshake', 'tls-expected', /TLS/],
    ['not-rtmp', 'handshake', 'ssh-server', /SSH 服务器/],
    ['not-rtmp', 'handshake', 'unknown-protocol', /首字节是 22，应为 3/],
    ['unsupported', 'connect', 'unknown-authentication', /验证方式不受支持/],
    ['connect-rejected', 'connect', 'too-many-redirects', /转到别的服务器/],
  ])('says what the library says, in the language: %s, %s, %s', (code, phase, problem, words) => {
    const error = new RtmpError(code, phase, 'in English', { problem, firstByte: 22 });
    const { message } = createMessages('zh-CN').error(rtmpErrorToAppError(error, context).info);
    expect(message).toMatch(words);
    expect(message).not.toContain('English');
  });

  test('says in the language why a certificate is not trusted', () => {
    const cause = Object.assign(new Error('certificate has expired'), { code: 'CERT_HAS_EXPIRED' });
    const error = new RtmpError('tls-certificate', 'tls', cause.message, {}, { cause });
    const { message } = createMessages('zh-CN').error(rtmpErrorToAppError(error, context).info);
    expect(message).toMatch(/证书不可信：已过期。/);
  });

  test('names the phase in which a server is silent', () => {
    const silent = rtmpErrorToAppError(new RtmpError('timeout', 'handshake', ''), context).info;
    expect(createMessages('zh-CN').error(silent).message).toContain('（步骤：握手）');
    expect(english.error(silent).message).toContain('(step: Handshake)');
  });

  test('an application that there is not is never named ""', () => {
    const error = new RtmpError('connect-rejected', 'connect', 'no', { app: '' });
    const { info } = rtmpErrorToAppError(error, { ...context, url: 'rtmp://a:29350/' });
    expect(english.error(info)).toEqual({
      message: 'live.example.net refused an address without an application: no.',
      remedy: 'Add the application to the server URL, such as rtmp://a:29350/live.',
    });
  });

  test('passes on what is in the catalogue already, and keeps the key out of anything else', () => {
    const known = appError('EMPTY_KEY', { destination: 'x' });
    expect(rtmpErrorToAppError(known, context)).toBe(known);
    const { info } = rtmpErrorToAppError(new Error('what geheim?'), context);
    expect(info).toMatchObject({ code: 'INTERNAL', data: { reason: 'what ***?' } });
  });
});

test('what the server refused in words is final, what may pass is not', () => {
  const refused = (data: Record<string, string>): RtmpError =>
    new RtmpError('publish-rejected', 'publish', 'no', data);
  expect(lossCause(refused({ serverCode: 'NetStream.Publish.Denied' }))).toBe('denied');
  expect(lossCause(refused({}))).toBe('line');
  expect(lossCause(refused({ problem: 'reset' }))).toBe('unanswered');
  expect(lossCause(new RtmpError('stream-busy', 'publish', 'BadName'))).toBe('busy');
  expect(lossCause(new RtmpError('tls-certificate', 'tls', 'expired'))).toBe('final');
  const rejected = { serverCode: 'NetConnection.Connect.Rejected' };
  expect(lossCause(new RtmpError('connect-rejected', 'connect', 'no', rejected))).toBe('final');
});
