import { describe, expect, it } from 'vitest';
import { RtmpError } from '../session/rtmp-error.js';
import { parseRtmpUrl, resolveTcUrl } from './rtmp-url.js';

describe('parseRtmpUrl', () => {
  it.each([
    {
      url: 'rtmp://host/app/key',
      expected: { protocol: 'rtmp', host: 'host', port: 1935, app: 'app', streamName: 'key' },
    },
    {
      url: 'RTMPS://host/app/key?a=b/c',
      expected: { protocol: 'rtmps', host: 'host', port: 443, app: 'app', streamName: 'key?a=b/c' },
    },
    {
      url: 'rtmp://host:1936/a/b/key',
      expected: { port: 1936, app: 'a/b', streamName: 'key', serverUrl: 'rtmp://host:1936/a/b' },
    },
    {
      url: 'rtmp://host/app/key/?a=b',
      expected: { app: 'app', streamName: 'key?a=b', serverUrl: 'rtmp://host/app' },
    },
    {
      url: ' rtmp://[::1]:1935/app/key ',
      expected: { host: '::1', tcUrl: 'rtmp://[::1]/app', streamName: 'key' },
    },
    { url: 'rtmp://münchen.example/app/key', expected: { host: 'xn--mnchen-3ya.example' } },
  ])('[URI-01, URI-02, URI-03] reads $url with its key', ({ url, expected }) => {
    const address = parseRtmpUrl(url, { withKey: true });
    expect(address).toMatchObject(expected);
    expect(address.serverUrl).not.toContain('key');
  });

  it.each(['rtmp://host/app', 'rtmp://host/app/', 'rtmp://host//app'])(
    'finds no key in %s',
    (url) => {
      const address = parseRtmpUrl(url, { withKey: true });
      expect(address).toMatchObject({ app: 'app', tcUrl: 'rtmp://host/app' });
      expect(address.streamName).toBeUndefined();
    },
  );

  it('takes the whole path for the application without a key', () => {
    const address = parseRtmpUrl('rtmp://host/a/b?token=1');
    expect(address).toMatchObject({ app: 'a/b?token=1', tcUrl: 'rtmp://host/a/b?token=1' });
    expect(address.serverUrl).toBe('rtmp://host/a/b');
    expect(address.streamName).toBeUndefined();
    expect(parseRtmpUrl('rtmp://host/app/').app).toBe('app');
  });

  it.each([
    { url: '', reason: /begin with/ },
    { url: 'host/app/secret', reason: /begin with/ },
    { url: 'http://host/app/secret', reason: /"http"/ },
    { url: 'rtmp://', reason: /malformed/ },
    { url: 'rtmp:///app/secret', reason: /malformed/ },
    { url: 'rtmp://host', reason: /no application/ },
    { url: 'rtmp://host/', reason: /no application/ },
    { url: 'rtmp://host:0/app/secret', reason: /port/ },
    { url: 'rtmp://host:70000/app/secret', reason: /port/ },
    { url: 'rtmp://user:secret@host/app/secret', reason: /user name/ },
    { url: 'rtmp://ho st/app/secret', reason: /malformed/ },
    { url: 'rtmp://host/app/sec ret', reason: /malformed/ },
    { url: 'rtmp://[::zz]/app/secret', reason: /IPv6/ },
  ])('[URI-03, URI-06] refuses "$url", and does not repeat it', ({ url, reason }) => {
    let error: unknown;
    try {
      parseRtmpUrl(url, { withKey: true });
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(RtmpError);
    if (!(error instanceof RtmpError)) return;
    expect(error.code).toBe('invalid-url');
    expect(error.data['reason']).toMatch(reason);
    expect(JSON.stringify([error.message, error.data])).not.toMatch(/secret|sec ret/);
  });
});

describe('relatives of RTMP', () => {
  it.each(['rtmpe', 'RTMPT', 'rtmpte', 'rtmpts', 'rtmfp'])(
    '[URI-06] %s is refused as such',
    (scheme) => {
      const error = thrownBy(() => parseRtmpUrl(`${scheme}://host/app/secret`));
      expect(error).toMatchObject({ code: 'unsupported' });
      expect(JSON.stringify([error.message, error.data])).not.toContain('secret');
    },
  );

  it('what is none is not taken for one', () => {
    expect(thrownBy(() => parseRtmpUrl('constructor://host/app')).code).toBe('invalid-url');
  });
});

// Where to, test/conformance/address.unit.test.ts shows.
describe('[ERTMP-18] where a server sends us', () => {
  const from = parseRtmpUrl('rtmp://one.example:1936/app/instance?token=1');

  it.each(['http://host/app', 'rtmp://', '//host:99999/app', 'rtmp://user:word@host/app'])(
    '"%s" is no place to go',
    (reference) => {
      expect(thrownBy(() => resolveTcUrl(reference, from)).code).toBe('invalid-url');
    },
  );

  it('is never less protected than where we are', () => {
    const safe = parseRtmpUrl('rtmps://one.example/app');
    expect(thrownBy(() => resolveTcUrl('rtmp://one.example/app', safe)).code).toBe('unsupported');
    expect(resolveTcUrl('//two.example/app', safe).protocol).toBe('rtmps');
    expect(thrownBy(() => resolveTcUrl('rtmpt://two.example/app', from)).code).toBe('unsupported');
  });
});

function thrownBy(work: () => unknown): RtmpError {
  try {
    work();
  } catch (error) {
    if (error instanceof RtmpError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
