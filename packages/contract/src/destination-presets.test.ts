import { parseRtmpUrl } from 'node-rtmp-client/address';
import { describe, expect, it } from 'vitest';
import { completeServerUrl, destinationPresets, presetOf } from './destination-presets.js';

describe.each(destinationPresets)('the preset $id', (preset) => {
  it('has an address that can be published to, and completes a host to one like it', () => {
    const { app } = parseRtmpUrl(preset.urlExample.replace('….', ''));
    expect(app).not.toBe('');
    for (const host of ['live.example', '192.0.2.1:1936', '[2001:db8::1]:1936', '[::1]']) {
      const completed = completeServerUrl(host, preset);
      // Of an address that is given to each publisher anew, nothing is known before.
      if (preset.address === 'any' || preset.address === 'shown') expect(completed).toBe(host);
      else expect(parseRtmpUrl(completed).app).toBe(app);
      expect(completed).toContain(host);
    }
  });

  it('leaves a whole address as it was typed', () => {
    const url = 'rtmps://live.example:443/other?token=1';
    expect(completeServerUrl(url, preset)).toBe(url);
    expect(completeServerUrl('', preset)).toBe(preset.address === 'known' ? preset.urlExample : '');
  });

  it('is found by its id, and tells where it was read', () => {
    expect(presetOf(preset.id)).toBe(preset);
    expect(presetOf(` ${preset.id.toUpperCase()} `)).toBe(preset);
    const isOurs = preset.id === 'own' || preset.id === 'nginx-rtmp';
    expect(preset.sources !== undefined).toBe(!isOurs);
  });

  it('tells of each of its facts where it was read, and when', () => {
    const { sources = [], limits = {}, testQuery, tls, address, login } = preset;
    if (sources.length === 0) return;
    const facts = new Set(sources.flatMap((source) => source.facts));
    const wanted = [
      ...Object.keys(limits).filter((name) => name !== 'videoBitrateIs'),
      ...(address === 'known' || address === 'form' ? ['address'] : []),
      ...(testQuery === undefined ? [] : ['testQuery']),
      ...(tls === undefined ? [] : ['tls']),
      ...(login === 'none' ? [] : ['login']),
    ];
    expect(wanted.filter((fact) => !facts.has(fact as never))).toEqual([]);
    for (const { url, title, read } of sources) {
      expect(url).toMatch(/^https?:\/\/./);
      expect(title).not.toBe('');
      expect(read).toMatch(/^\d{4}-\d\d-\d\d$/);
    }
  });
});

it.each([
  ['127.0.0.1:30300', 'rtmp://127.0.0.1:30300/live'],
  [' WOW.example.com ', 'rtmp://WOW.example.com:1935/live'],
  ['host/', 'rtmp://host:1935/live'],
  ['host/other', 'rtmp://host:1935/other'],
  ['host:1936/extra/path', 'rtmp://host:1936/extra/path'],
  ['host/live?vhost=x', 'rtmp://host:1935/live?vhost=x'],
  ['rtmp://host', 'rtmp://host/live'],
  ['rtmps://host:443/', 'rtmps://host:443/live'],
  ['rtmp://host?token=1', 'rtmp://host?token=1'],
  ['[2001:db8:1:2:3:4:5:6]', 'rtmp://[2001:db8:1:2:3:4:5:6]:1935/live'],
  ['127。0。0。1：30300', 'rtmp://127.0.0.1:30300/live'],
  ['host／other', 'rtmp://host:1935/other'],
  // No addresses: what is wrong with them is said of them, not of what somebody made of them.
  ['rtmp:/host/live', 'rtmp:/host/live'],
  ['https://host/live', 'https://host/live'],
  ['/live', '/live'],
])('of "%s" the address of a Wowza server is made as far as it is missing', (typed, completed) => {
  const wowza = presetOf('wowza');
  expect(wowza && completeServerUrl(typed, wowza)).toBe(completed);
});
