import { describe, expect, it } from 'vitest';
import { parseRtmpUrl, resolveTcUrl } from '../../src/address/rtmp-url.js';
import { RtmpError } from '../../src/session/rtmp-error.js';

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof RtmpError) return error.code;
  }
  return 'none';
};

describe('an address', () => {
  it.each([
    { url: 'rtmp://host/app', port: 1935 },
    { url: 'rtmps://host/app', port: 443 },
    { url: 'rtmp://host:443/app', port: 443 },
    { url: 'rtmps://[2001:db8:1::2]:19350/app', port: 19350 },
  ])('[URI-01, URI-02, URI-03] $url is at port $port', ({ url, port }) => {
    expect(parseRtmpUrl(url).port).toBe(port);
    expect(parseRtmpUrl(url).tcUrl).toBe(url);
  });

  it('[CMD-10] is the whole path with its query, where the key comes from elsewhere', () => {
    expect(parseRtmpUrl('rtmp://host/three/segment/path?b=c')).toMatchObject({
      ...{ app: 'three/segment/path?b=c', tcUrl: 'rtmp://host/three/segment/path?b=c' },
    });
  });

  it('[CMD-10] holds the key behind its last slash, where there is one in it', () => {
    expect(parseRtmpUrl('rtmp://host/three/segment/key?b=c', { withKey: true })).toMatchObject({
      ...{ app: 'three/segment', tcUrl: 'rtmp://host/three/segment', streamName: 'key?b=c' },
    });
  });

  it('[CMD-09] says nothing of its fragment to the server', () => {
    for (const url of ['rtmp://host/app#name', 'rtmp://host/app?a=1#name']) {
      const address = parseRtmpUrl(url);
      expect(`${address.app} ${address.tcUrl}`).not.toMatch(/#|name/);
    }
  });

  it('[CMD-09, URI-04] with a user in it says nothing of that in tcUrl', () => {
    const address = parseRtmpUrl('rtmp://user:p%40ss@host/app');
    expect(address).toMatchObject({ app: 'app', tcUrl: 'rtmp://host/app' });
    expect(address.credentials).toEqual({ user: 'user', password: 'p@ss' });
  });
});

describe('where a server sends us', () => {
  const from = parseRtmpUrl('rtmp://host:1936/live/one?token=1');

  it.each([
    {
      reference: 'rtmp://foo.mydomain.com:1935/realtimeapp',
      tcUrl: 'rtmp://foo.mydomain.com/realtimeapp',
    },
    { reference: 'rtmp://127.0.0.1/realtimeapp', tcUrl: 'rtmp://127.0.0.1/realtimeapp' },
    { reference: '//192.0.2.0/realtimeapp', tcUrl: 'rtmp://192.0.2.0/realtimeapp' },
    { reference: '//[2001:db8::1]:1936/a', tcUrl: 'rtmp://[2001:db8::1]:1936/a' },
    { reference: '/realtimeapp', tcUrl: 'rtmp://host:1936/realtimeapp' },
    { reference: '/a/b?token=2', tcUrl: 'rtmp://host:1936/a/b?token=2' },
    { reference: 'two', tcUrl: 'rtmp://host:1936/live/two' },
    { reference: '?b=2', tcUrl: 'rtmp://host:1936/live/one?b=2' },
    { reference: 'rtmps://other/app', tcUrl: 'rtmps://other/app' },
  ])('[ERTMP-18] $reference is $tcUrl', ({ reference, tcUrl }) => {
    expect(resolveTcUrl(reference, from).tcUrl).toBe(tcUrl);
  });

  it('[ERTMP-18] is never without TLS when we came with it', () => {
    const secure = parseRtmpUrl('rtmps://host/live');
    expect(codeOf(() => resolveTcUrl('rtmp://host/live', secure))).toBe('unsupported');
    expect(resolveTcUrl('/other', secure).tcUrl).toBe('rtmps://host/other');
  });
});
