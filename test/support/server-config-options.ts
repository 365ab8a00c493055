import type { ServerConfigOptions } from '@tallylight/engine';

/** A server that does nothing but hand on RTMP, and `more`. */
export const serverConfigOptions = (
  more: Partial<ServerConfigOptions> = {},
): ServerConfigOptions => ({
  ...{ role: 'single', app: 'live', hls: false, dash: false, stat: false },
  ...{ record: undefined, push: [], publishKey: undefined, origin: undefined },
  rtmp: { host: '127.0.0.1', port: 1935 },
  http: { host: '127.0.0.1', port: 8080 },
  folder: '/var/lib/tallylight-test',
  ...more,
});
