import { isIP } from 'node:net';
import { isLoopbackHost } from 'node-rtmp-client/address';
import type { ServerConfigWords } from '@tallylight/messages/server-config';
import { isEverywhere } from './config-addresses.js';
import { block, comment, type Lines } from './config-text.js';
import { edgeLocations, edgeCaches } from './nginx-edge.js';
import { directive } from './nginx-syntax.js';
import { playerPage } from './player-page.js';
import { dollarVariable, needsDollar, publishCheck } from './publish-check.js';
import { windowSeconds } from './segment-times.js';
import { hostPort, type ServerConfigOptions } from './server-config-options.js';

/** What nginx serves to browsers and to players of HLS and DASH. */
export function nginxHttp(options: ServerConfigOptions, words: ServerConfigWords): Lines {
  const { nginx } = words;
  const { role, publishKey, http } = options;
  const key = role === 'edge' ? undefined : publishKey?.key;
  const isEdge = role === 'edge' && (options.hls || options.dash);
  return [
    comment(nginx.account),
    block(
      'http',
      folders(options, words),
      '',
      isEdge ? [edgeCaches(options, words), ''] : [],
      comment(nginx.types),
      block(
        'types',
        'application/vnd.apple.mpegurl m3u8;',
        'video/mp2t ts;',
        'application/dash+xml mpd;',
        'video/mp4 mp4 m4v m4s;',
        'audio/mp4 m4a;',
      ),
      'sendfile on;',
      'tcp_nopush on;',
      'server_tokens off;',
      '',
      key !== undefined && needsDollar(key) ? [dollarVariable(words), ''] : [],
      block(
        'server',
        directive('listen', hostPort(http)),
        '',
        key === undefined ? [] : [publishCheck(key, words), ''],
        isEdge ? edgeLocations(options, words) : segmentLocations(options, words),
        options.stat ? [statistics(options, words), ''] : [],
        playerPage(options, words),
      ),
    ),
  ];
}

/** Everything that nginx writes, so that it needs no folder of the system. */
function folders({ folder }: ServerConfigOptions, { nginx }: ServerConfigWords): Lines {
  return [
    comment(nginx.order),
    directive('client_body_temp_path', folder),
    ['proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) =>
      directive(`${name}_temp_path`, `${folder}/${name}`),
    ),
    comment(nginx.access),
    `log_format requests '$remote_addr [$time_local] "$request_method $uri" $status $body_bytes_sent "$http_user_agent"';`,
    directive('access_log', `${folder}/access.log`, 'requests'),
  ];
}

function segmentLocations(options: ServerConfigOptions, words: ServerConfigWords): Lines {
  const { nginx } = words;
  const { folder, hls, dash } = options;
  const cors = "add_header Access-Control-Allow-Origin '*';";
  const location = (name: 'hls' | 'dash', list: string, life: number, why: string): Lines => [
    block(
      `location /${name}/`,
      directive('root', folder),
      comment(nginx.notFound),
      'log_not_found off;',
      comment(why),
      `add_header Cache-Control max-age=${life};`,
      comment(nginx.cors),
      cors,
      block(
        `location ~ \\.${list}$`,
        comment(nginx.playlist),
        'add_header Cache-Control no-cache;',
        cors,
        comment(nginx.noLog),
        'access_log off;',
      ),
    ),
    '',
  ];
  return [
    hls ? location('hls', 'm3u8', windowSeconds * 2, nginx.segment) : [],
    dash ? location('dash', 'mpd', windowSeconds / 2, nginx.dashSegment) : [],
  ];
}

function statistics({ http }: ServerConfigOptions, { nginx }: ServerConfigWords): Lines {
  const own = isIP(http.host) && !isEverywhere(http.host) && !isLoopbackHost(http.host);
  return [
    comment(nginx.stat),
    block(
      'location = /stat',
      'allow 127.0.0.0/8;',
      'allow ::1;',
      own ? directive('allow', http.host) : [],
      'deny all;',
      'access_log off;',
      'rtmp_stat all;',
    ),
  ];
}
