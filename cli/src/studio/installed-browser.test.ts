import { describe, expect, it } from 'vitest';
import { browserCandidates, findInstalledBrowser, whyNoWindow } from './installed-browser.js';

describe('browserCandidates', () => {
  it('looks on the path on Linux, Chrome first', () => {
    const candidates = browserCandidates('linux', { PATH: '/usr/bin:/opt/bin' });
    expect(candidates[0]).toBe('/usr/bin/google-chrome-stable');
    expect(candidates).toContain('/opt/bin/chromium');
    expect(candidates.indexOf('/opt/bin/chromium')).toBeLessThan(
      candidates.indexOf('/usr/bin/microsoft-edge'),
    );
  });

  it('looks among the applications on macOS', () => {
    const candidates = browserCandidates('darwin', { HOME: '/Users/ann' });
    expect(candidates).toContain('/Applications/Chromium.app/Contents/MacOS/Chromium');
    expect(candidates).toContain(
      '/Users/ann/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    );
  });

  it('takes the one that the user names, and no other', () => {
    expect(browserCandidates('linux', { PATH: '/usr/bin', TALLYLIGHT_BROWSER: '/x' })).toEqual([
      '/x',
    ]);
  });

  it('finds nothing where nothing is', () => {
    expect(browserCandidates('linux', {})).toEqual([]);
    expect(findInstalledBrowser('linux', { PATH: '/nowhere' })).toBeUndefined();
    expect(findInstalledBrowser('linux', { TALLYLIGHT_BROWSER: process.execPath })).toBe(
      process.execPath,
    );
  });
});

describe('whyNoWindow', () => {
  it('is a missing display on Linux', () => {
    expect(whyNoWindow('linux', {}, 1000)).toBe('noDisplay');
    expect(whyNoWindow('linux', { WAYLAND_DISPLAY: 'wayland-0' }, 1000)).toBeUndefined();
    expect(whyNoWindow('darwin', {}, 501)).toBeUndefined();
    expect(whyNoWindow('win32', {}, undefined)).toBeUndefined();
  });

  it('is the browser’s sandbox for root, unless a browser was named', () => {
    expect(whyNoWindow('linux', { DISPLAY: ':0' }, 0)).toBe('root');
    expect(whyNoWindow('linux', { DISPLAY: ':0', TALLYLIGHT_BROWSER: '/x' }, 0)).toBeUndefined();
  });
});
