import { describe, expect, it } from 'vitest';
import { destinationPresets, presetOf } from './destination-presets.js';
import { serviceOf, serviceWarnings, type StreamSettings } from './service-limits.js';

/** What every service takes. */
const usual: StreamSettings = {
  ...{ width: 1280, height: 720, fps: 30, videoBitrate: 2_500_000, audioBitrate: 128_000 },
  ...{ keyframeInterval: 2, videoCodec: 'h264', hasSound: true },
};

const warned = (service: string, patch: Partial<StreamSettings>, serverUrl = urlOf(service)) =>
  serviceWarnings({ serverUrl, service }, { ...usual, ...patch }).map(({ code, data }) => [
    code,
    data,
  ]);

const urlOf = (service: string): string =>
  (presetOf(service)?.urlExample ?? '').replace('….', 'fa723fc1b171.');

const fullHd = { width: 1920, height: 1080 };

/** One row for each limit: the last settings within it, and the first beyond. */
const rows: readonly [
  service: string,
  limit: string,
  within: Partial<StreamSettings>,
  beyond: Partial<StreamSettings>,
  warning: string,
][] = [
  [
    ...(['twitch', 'videoBitrate', { videoBitrate: 6e6 }, { videoBitrate: 8e6 }] as const),
    'SERVICE_VIDEO_BITRATE 6000 8000',
  ],
  [
    ...(['twitch', 'audioBitrate', { audioBitrate: 320_000 }, { audioBitrate: 384_000 }] as const),
    'SERVICE_AUDIO_BITRATE 320 384',
  ],
  ['twitch', 'size', fullHd, { width: 2560, height: 1440 }, 'SERVICE_SIZE 1920×1080 2560×1440'],
  ['twitch', 'fps', { fps: 60 }, { fps: 120 }, 'SERVICE_FPS 60 120'],
  [
    ...(['twitch', 'keyframeInterval', {}, { keyframeInterval: 2.5 }] as const),
    'SERVICE_KEYFRAMES 2 2.5',
  ],
  ['twitch', 'videoCodecs', {}, { videoCodec: 'hevc' }, 'SERVICE_CODEC H.264 H.265'],
  [
    ...(['youtube', 'videoBitrate', { ...fullHd, fps: 60, videoBitrate: 12e6 }] as const),
    { ...fullHd, fps: 60, videoBitrate: 12_000_001 },
    'SERVICE_VIDEO_BITRATE_ADVISED 12000 12000.001',
  ],
  [
    ...(['youtube', 'size', { width: 3840, height: 2160 }] as const),
    { width: 7680, height: 4320 },
    'SERVICE_SIZE 3840×2160 7680×4320',
  ],
  ['youtube', 'fps', { fps: 59.94 }, { fps: 61 }, 'SERVICE_FPS 60 61'],
  [
    ...(['youtube', 'videoCodecs', { videoCodec: 'av1' }, { videoCodec: 'vp9' }] as const),
    'SERVICE_CODEC H.264, H.265, AV1 VP9',
  ],
  ['youtube', 'sound', {}, { hasSound: false }, 'SERVICE_NEEDS_SOUND'],
  [
    ...(['facebook', 'videoBitrate', { videoBitrate: 4e6 }, { videoBitrate: 4_500_000 }] as const),
    'SERVICE_VIDEO_BITRATE 4000 4500',
  ],
  [
    ...(['facebook', 'audioBitrate', { audioBitrate: 128e3 }, { audioBitrate: 160e3 }] as const),
    'SERVICE_AUDIO_BITRATE 128 160',
  ],
  [
    // A phone's picture is as large, turned.
    ...([
      'facebook',
      'size',
      { width: 1080, height: 1920 },
      { width: 1440, height: 1080 + 2 },
    ] as const),
    'SERVICE_SIZE 1920×1080 1440×1082',
  ],
  ['facebook', 'fps', { fps: 60 }, { fps: 75 }, 'SERVICE_FPS 60 75'],
  [
    ...([
      'facebook',
      'keyframeInterval',
      { keyframeInterval: 4 },
      { keyframeInterval: 5 },
    ] as const),
    'SERVICE_KEYFRAMES 4 5',
  ],
  ['facebook', 'videoCodecs', {}, { videoCodec: 'hevc' }, 'SERVICE_CODEC H.264 H.265'],
  ['facebook', 'sound', {}, { hasSound: false }, 'SERVICE_NEEDS_SOUND'],
  [
    ...(['kick', 'videoBitrate', { videoBitrate: 8_500_000 }, { videoBitrate: 9e6 }] as const),
    'SERVICE_VIDEO_BITRATE 8500 9000',
  ],
  ['kick', 'size', fullHd, { width: 2560, height: 1440 }, 'SERVICE_SIZE 1920×1080 2560×1440'],
  [
    ...(['vimeo', 'videoBitrate', { videoBitrate: 5e6 }, { videoBitrate: 6e6 }] as const),
    'SERVICE_VIDEO_BITRATE_ADVISED 5000 6000',
  ],
];

describe('the limits of a service', () => {
  it.each(rows)('%s warns of the %s that is beyond it, and only then', (service, _, ...row) => {
    const [within, beyond, warning] = row;
    expect(warned(service, within)).toEqual([]);
    const [code, most, given] = /^(\S+)(?: (.*) (\S+))?$/.exec(warning)?.slice(1) ?? [];
    const said = warned(service, beyond);
    expect(said).toHaveLength(1);
    expect(said[0]?.[0]).toBe(code);
    const data = said[0]?.[1] as Record<string, unknown>;
    expect(data['service']).toBe(service);
    if (most !== undefined)
      expect([data['most'], data['given']].map(String)).toEqual([most, given]);
  });

  it('are all in a row here', () => {
    const known = destinationPresets.flatMap(({ id, limits = {} }) =>
      Object.keys(limits)
        .filter((name) => name !== 'videoBitrateIs')
        .map((name) => `${id} ${name}`),
    );
    expect(rows.map(([service, limit]) => `${service} ${limit}`).sort()).toEqual(known.sort());
  });

  it.each(destinationPresets.filter(({ tls }) => tls === 'required').map(({ id }) => id))(
    '%s takes no RTMP that is not encrypted',
    (service) => {
      const url = urlOf(service);
      expect(warned(service, {}, url)).toEqual([]);
      expect(warned(service, {}, url.replace('rtmps:', 'rtmp:')).map(([code]) => code)).toEqual([
        'SERVICE_NEEDS_TLS',
      ]);
      // Also where nothing is sent.
      expect(serviceWarnings({ serverUrl: url.replace('rtmps:', 'rtmp:') })).toHaveLength(1);
    },
  );
});

describe('serviceOf', () => {
  it.each([
    ['rtmps://a.rtmps.youtube.com/live2', 'own', 'youtube'],
    ['rtmp://sfo.contribute.live-video.net/app', undefined, 'twitch'],
    ['rtmp://LIVE.TWITCH.TV/app/live_1', 'youtube', 'twitch'],
    ['rtmp://bdy.live-push.bilivideo.com/live-bvc/', undefined, 'bilibili'],
    ['rtmp://nottwitch.tv/app', undefined, undefined],
    ['rtmp://192.0.2.1/live', 'srs', 'srs'],
    ['rtmp://192.0.2.1/live', 'own', undefined],
    ['rtmp://192.0.2.1/live', 'a service of a newer version', undefined],
    ['', 'twitch', 'twitch'],
    ['no address', undefined, undefined],
  ])('knows whose %s of a profile made from %s is', (serverUrl, service, id) => {
    expect(serviceOf({ serverUrl, service })?.id).toBe(id);
  });
});
