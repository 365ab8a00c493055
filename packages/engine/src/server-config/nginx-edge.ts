import type { ServerConfigWords } from '@tallylight/messages/server-config';
import { block, comment, type Lines } from './config-text.js';
import { directive } from './nginx-syntax.js';
import { windowSeconds } from './segment-times.js';
import { hostPort, type ServerConfigOptions } from './server-config-options.js';

/** The origin, and where an edge keeps what it has fetched from there. */
export function edgeCaches(options: ServerConfigOptions, { nginx }: ServerConfigWords): Lines {
  const { folder, origin } = options;
  if (origin === undefined) throw new Error('an edge without an origin');
  const cache = (name: string, ...values: string[]): string =>
    directive(
      'proxy_cache_path',
      `${folder}/${name}`,
      'levels=1:2',
      ...values,
      'use_temp_path=off',
    );
  return [
    comment(nginx.upstream),
    block('upstream origin', directive('server', hostPort(origin.http)), 'keepalive 16;'),
    cache('segments', 'keys_zone=segments:10m', 'max_size=2g', 'inactive=2m'),
    comment(nginx.playlistCache),
    cache('playlists', 'keys_zone=playlists:1m', 'max_size=64m', `inactive=${windowSeconds}s`),
  ];
}

/** What an edge hands out of HLS and DASH. */
export function edgeLocations(options: ServerConfigOptions, words: ServerConfigWords): Lines {
  const { nginx } = words;
  const hidden = ['Cache-Control', 'Expires', 'Access-Control-Allow-Origin'];
  return [
    'proxy_http_version 1.1;',
    "proxy_set_header Connection '';",
    comment(nginx.cacheKey),
    'proxy_cache_key $uri;',
    comment(nginx.lock),
    ['proxy_cache_lock on;', 'proxy_cache_lock_timeout 10s;', 'proxy_cache_lock_age 10s;'],
    comment(nginx.ignore),
    'proxy_ignore_headers Cache-Control Expires X-Accel-Expires Set-Cookie Vary;',
    hidden.map((name) => `proxy_hide_header ${name};`),
    'log_not_found off;',
    '',
    options.hls ? [cached('hls', 'm3u8', words), ''] : [],
    options.dash ? [cached('dash', 'mpd', words), ''] : [],
  ];
}

function cached(name: 'hls' | 'dash', list: string, { nginx }: ServerConfigWords): Lines {
  const cors = "add_header Access-Control-Allow-Origin '*';";
  // The names of DASH's segments count from the beginning of a broadcast, and so come back with the next one.
  const life = name === 'hls' ? windowSeconds * 5 : windowSeconds;
  return block(
    `location /${name}/`,
    'proxy_pass http://origin;',
    'proxy_cache segments;',
    comment(nginx.segmentLife),
    `proxy_cache_valid 200 ${life}s;`,
    `add_header Cache-Control max-age=${windowSeconds / 2};`,
    comment(nginx.cors),
    cors,
    block(
      `location ~ \\.${list}$`,
      'proxy_pass http://origin;',
      'proxy_cache playlists;',
      comment(nginx.playlistLife),
      'proxy_cache_valid 200 404 1s;',
      'proxy_cache_use_stale updating;',
      comment(nginx.playlist),
      'add_header Cache-Control no-cache;',
      cors,
      comment(nginx.noLog),
      'access_log off;',
    ),
    name === 'dash'
      ? block(
          'location ~ -init\\.m4[av]$',
          'proxy_pass http://origin;',
          'proxy_cache playlists;',
          comment(nginx.initLife),
          'proxy_cache_valid 200 10s;',
          'add_header Cache-Control no-cache;',
          cors,
        )
      : [],
  );
}
