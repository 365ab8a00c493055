import { parseRtmpUrl } from 'node-rtmp-client/address';
import { describe, expect, it } from 'vitest';
import { completeServerUrl, destinationPresets, presetOf } from './destination-presets.js';

describe.each(destinationPresets)('the preset $id', (preset) => {
  it('has an address that can be published to, and completes a host to one like it', () => {
    const { app } = parseRtmpUrl(preset.urlExample);
    expect(app).not.toBe('');
    for (const host of ['live.example', '192.0.2.1:1936', '[2001:db8::1]:1936']) {
      const completed = parseRtmpUrl(completeServerUrl(host, preset));
      expect(completed.app).toBe(app);
      expect(completeServerUrl(host, preset)).toContain(host);
    }
  });

  it('leaves a whole address as it was typed', () => {
    const url = 'rtmps://live.example:443/other?token=1';
    expect(completeServerUrl(url, preset)).toBe(url);
    expect(completeServerUrl('', preset)).toBe('');
  });

  it('is found by its id, and tells where it was read', () => {
    expect(presetOf(preset.id)).toBe(preset);
    const isOurs = preset.id === 'own' || preset.id === 'nginx-rtmp';
    expect('source' in preset).toBe(!isOurs);
  });
});
