import { describe, expect, it } from 'vitest';
import { RtmpError } from '../session/rtmp-error.js';
import { showAddress } from './rtmp-address.js';
import { parseRtmpUrl, readRtmpUrl, resolveTcUrl } from './rtmp-url.js';

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
      expected: { port: 1936, app: 'a/b', streamName: 'key', tcUrl: 'rtmp://host:1936/a/b' },
    },
    {
      url: 'rtmp://host/app/key/?a=b',
      expected: { app: 'app', streamName: 'key?a=b', tcUrl: 'rtmp://host/app' },
    },
    {
      url: ' rtmp://[::1]:1935/app/key ',
      expected: { host: '::1', tcUrl: 'rtmp://[::1]/app', streamName: 'key' },
    },
    { url: 'rtmp://münchen.example/app/key', expected: { host: 'xn--mnchen-3ya.example' } },
  ])('[URI-01, URI-02, URI-03] reads $url with its key', ({ url, expected }) => {
    const address = parseRtmpUrl(url, { withKey: true });
    expect(address).toMatchObject(expected);
    expect(address.tcUrl).not.toContain('key');
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
    expect(showAddress(address).url).toBe('rtmp://host/a/b');
    expect(address.streamName).toBeUndefined();
    expect(parseRtmpUrl('rtmp://host/app/').app).toBe('app');
  });

  it.each([
    { url: '', reason: /begin with/ },
    { url: 'host/app/secret', reason: /begin with/ },
    { url: 'http://host/app/secret', reason: /neither rtmp/ },
    { url: 'rtmp://', reason: /no host/ },
    { url: 'rtmp:///app/secret', reason: /no host/ },
    { url: 'rtmp://user:secret@/app', reason: /no host/ },
    { url: 'rtmp://:1935/app', reason: /no host/ },
    { url: 'rtmp://host:0/app/secret', reason: /port/ },
    { url: 'rtmp://host:70000/app/secret', reason: /port/ },
    { url: 'rtmp://host:secret/app', reason: /port/ },
    { url: 'rtmp://ho st/app/secret', reason: /character/ },
    { url: 'rtmp://host/app/sec ret', reason: /character/ },
    { url: 'rtmp://host/app/sec\u200bret', reason: /character/ },
    { url: 'rtmp://ho|st/app/secret', reason: /malformed/ },
    { url: 'rtmp://-bad-/app/secret', reason: /malformed/ },
    { url: 'rtmp://a..b/app/secret', reason: /malformed/ },
    { url: 'rtmp://192.168.1.300/app/secret', reason: /malformed/ },
    { url: `rtmp://${'a'.repeat(64)}.example/app/secret`, reason: /malformed/ },
    { url: 'rtmp://[::zz]/app/secret', reason: /IPv6/ },
    { url: 'rtmp://::1/app/secret', reason: /brackets/ },
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

describe('what a URL may lack or hold', () => {
  it.each([
    { url: 'rtmp://host', app: '', tcUrl: 'rtmp://host/' },
    { url: 'rtmp://host/', app: '', tcUrl: 'rtmp://host/' },
    { url: 'rtmp://my_server.local./app', app: 'app', tcUrl: 'rtmp://my_server.local./app' },
    { url: 'rtmp://host:/app', app: 'app', tcUrl: 'rtmp://host/app' },
    { url: '\u200brtmp://host/app\u00a0', app: 'app', tcUrl: 'rtmp://host/app' },
  ])('$url', ({ url, app, tcUrl }) => {
    expect(parseRtmpUrl(url)).toMatchObject({ app, tcUrl });
  });

  it('shows neither query nor user', () => {
    const address = parseRtmpUrl('rtmps://user:word@host:1935/app?token=1');
    expect(showAddress(address)).toEqual({
      ...{ host: 'host', port: 1935, app: 'app', url: 'rtmps://host:1935/app' },
    });
  });
});

describe('the usual readings of a URL with a stream in it, in their order', () => {
  it.each([
    ['app/key', ['app | key']],
    ['app/inst/key', ['app/inst | key', 'app | inst/key']],
    ['a/b/c/d', ['a/b/c | d', 'a/b | c/d', 'a | b/c/d']],
    ['vod/mp4:sub/front.mp4', ['vod | mp4:sub/front.mp4']],
    ['app?vhost=x/key', ['app?vhost=x | key']],
    ['app?vhost=x/key?t=a/b', ['app?vhost=x | key?t=a/b']],
    ['a/b?vhost=x/key', ['a | b?vhost=x/key', 'a/b?vhost=x | key']],
    ['app/?streamname=s&key=k', ['app | ?streamname=s&key=k']],
    ['path?user=a&pass=b', ['path?user=a&pass=b | ']],
    ['path', ['path | ']],
  ])('%s', (path, readings) => {
    const read = readRtmpUrl(`rtmp://host/${path}`);
    expect(read.map(({ app, streamName = '' }) => `${app} | ${streamName}`)).toEqual(readings);
    expect(read[0]).toEqual(parseRtmpUrl(`rtmp://host/${path}`, { withKey: true }));
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
