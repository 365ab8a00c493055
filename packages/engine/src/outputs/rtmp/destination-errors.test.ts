import { english } from '../../../../../test/support/english.js';
import { appError } from '@tallylight/contract';
import {
  parseRtmpUrl,
  Redactor,
  RtmpError,
  type RtmpErrorCode,
  type RtmpPhase,
} from 'node-rtmp-client';
import { describe, expect, test } from 'vitest';
import { isFinal, rtmpErrorToAppError } from './destination-errors.js';
import { withoutKeys } from './shown-place.js';

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
  expect(isFinal(refused({ serverCode: 'NetStream.Publish.Denied' }))).toBe(true);
  expect(isFinal(refused({}))).toBe(false);
  expect(isFinal(new RtmpError('stream-busy', 'publish', 'BadName'))).toBe(false);
  expect(isFinal(new RtmpError('tls-certificate', 'tls', 'expired'))).toBe(true);
});
