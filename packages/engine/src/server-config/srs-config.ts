import type { ServerConfigWords } from '@tallylight/messages/server-config';
import { configHead, srsAddresses, srsStatistics } from './config-addresses.js';
import { block, comment, configText, filled, type Lines } from './config-text.js';
import { edgeCommand } from './edge-command.js';
import { segmentSeconds, windowSeconds } from './segment-times.js';
import { hostPort, type ServerConfigOptions } from './server-config-options.js';

/**
 * A whole configuration of SRS 5 or later, with comments that say why. What SRS cannot do is not in the options: a publish
 * key, a target of `push` with a name of its own, and HLS, DASH, `record` or `push` at an edge.
 */
export function srsConfig(options: ServerConfigOptions, words: ServerConfigWords): string {
  const { srs } = words;
  return configText(
    head(options, words),
    listening(options, words),
    '',
    comment(srs.vhost),
    block(
      'vhost __defaultVhost__',
      options.role === 'edge' ? fetching(options, words) : producing(options, words),
      comment(srs.gop),
      block('play', 'gop_cache on;', 'queue_length 10;'),
      comment(srs.timeouts),
      block('publish', 'firstpkt_timeout 20000;', 'normal_timeout 7000;'),
      comment(filled(srs.flv, { app: options.app })),
      block('http_remux', 'enabled on;', 'mount [vhost]/[app]/[stream].flv;'),
    ),
  );
}

function head(options: ServerConfigOptions, words: ServerConfigWords): Lines {
  const { head, srs } = words;
  const commands = [[head.start, './objs/srs -c FILE']] as const;
  const titles = [head.srs[options.role], srs.run];
  return configHead({ titles, commands, addresses: srsAddresses(options) }, options, words);
}

function listening({ rtmp, http, stat }: ServerConfigOptions, { srs }: ServerConfigWords): Lines {
  return [
    directive('listen', hostPort(rtmp)),
    comment(srs.foreground),
    'daemon off;',
    'srs_log_tank console;',
    directive('pid', `./objs/srs-${rtmp.port}.pid`),
    comment(srs.connections),
    'max_connections 4000;',
    comment(srs.chunk),
    'chunk_size 60000;',
    '',
    comment(srs.http),
    block(
      'http_server',
      'enabled on;',
      directive('listen', hostPort(http)),
      directive('dir', files),
      'crossdomain on;',
    ),
    stat
      ? [
          comment(srs.stat),
          block('http_api', 'enabled on;', directive('listen', hostPort(srsStatistics))),
        ]
      : [],
  ];
}

/** Where SRS has the files that it serves. */
const files = './objs/nginx/html';

function fetching({ origin }: ServerConfigOptions, { srs }: ServerConfigWords): Lines {
  if (origin === undefined) throw new Error('an edge without an origin');
  return [
    comment(srs.cluster),
    block('cluster', 'mode remote;', directive('origin', hostPort(origin.rtmp))),
  ];
}

function producing(options: ServerConfigOptions, words: ServerConfigWords): Lines {
  const { srs } = words;
  const { record, push } = options;
  return [
    comment(srs.noKey),
    options.role === 'origin' ? edges(options, words) : [],
    options.hls ? hls(words) : [],
    options.dash ? dash(words) : [],
    record === undefined
      ? []
      : [
          comment(srs.record),
          block(
            'dvr',
            'enabled on;',
            'dvr_plan session;',
            directive('dvr_path', `${record}/[app]/[stream].[timestamp].flv`),
          ),
        ],
    push.length === 0
      ? []
      : [
          comment(srs.forward),
          block('forward', 'enabled on;', directive('destination', ...push.map(hostPort))),
        ],
  ];
}

const hls = ({ srs }: ServerConfigWords): Lines => [
  comment(srs.hls),
  block(
    'hls',
    'enabled on;',
    `hls_fragment ${segmentSeconds};`,
    `hls_window ${windowSeconds};`,
    directive('hls_path', files),
    'hls_m3u8_file hls/[stream].m3u8;',
    // A name by the clock does not come back with the next broadcast, when caches still have it.
    'hls_ts_file hls/[stream]-[timestamp].ts;',
    'hls_cleanup on;',
    comment(srs.hlsContext),
    ['hls_ctx off;', 'hls_ts_ctx off;'],
  ),
];

const dash = ({ srs }: ServerConfigWords): Lines => [
  comment(srs.dash),
  block(
    'dash',
    'enabled on;',
    `dash_fragment ${segmentSeconds};`,
    `dash_update_period ${segmentSeconds};`,
    `dash_timeshift ${windowSeconds};`,
    directive('dash_path', files),
    'dash_mpd_file dash/[stream].mpd;',
    'dash_cleanup on;',
  ),
];

function edges(options: ServerConfigOptions, { srs }: ServerConfigWords): Lines {
  return [
    comment(srs.edges),
    edgeCommand('srs', options),
    options.hls || options.dash ? [comment(srs.segmentEdges), edgeCommand('nginx', options)] : [],
  ];
}

/** SRS has quotes, but no way to write one within them: paths with a quote or a control character are refused before. */
const directive = (name: string, ...values: string[]): string =>
  `${[name, ...values.map((value) => (/^[^\s;{}"'#]+$/.test(value) ? value : `"${value}"`))].join(' ')};`;

/** The first character of a path that SRS's configuration cannot hold: brackets stand for what SRS fills in. */
export const srsCannotHold = (path: string): string | undefined =>
  /[\p{Cc}\p{Cs}"[\]]/u.exec(path)?.[0];
