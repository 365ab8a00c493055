import type { ServerConfigWords } from '@tallylight/messages/server-config';
import { block, comment, type Lines } from './config-text.js';
import { edgeCommand } from './edge-command.js';
import { directive } from './nginx-syntax.js';
import { publishCheckPath } from './publish-check.js';
import { segmentSeconds, windowSeconds } from './segment-times.js';
import { hostPort, type PushTarget, type ServerConfigOptions } from './server-config-options.js';

/** What nginx does with streams. */
export function nginxRtmp(options: ServerConfigOptions, words: ServerConfigWords): Lines {
  const { nginx } = words;
  const { app, folder, rtmp, http, publishKey } = options;
  return block(
    'rtmp',
    comment(nginx.rtmpLog),
    `log_format sessions '$remote_addr [$time_local] $command "$app" "$name" $bytes_received $bytes_sent $session_time';`,
    directive('access_log', `${folder}/rtmp.log`, 'sessions'),
    '',
    block(
      'server',
      directive('listen', hostPort(rtmp)),
      comment(nginx.chunk),
      'chunk_size 4096;',
      comment(nginx.message),
      'max_message 16M;',
      publishKey !== undefined && options.role !== 'edge'
        ? [
            comment(nginx.publishing),
            directive(
              'on_publish',
              `http://${hostPort(reachable(http))}${publishCheckPath(publishKey.key)}`,
            ),
            comment(nginx.method),
            'notify_method get;',
          ]
        : [],
      '',
      block(
        `application ${app}`,
        'live on;',
        comment(nginx.key),
        'wait_key on;',
        comment(nginx.time),
        'publish_time_fix on;',
        options.role === 'edge' ? fetching(options, words) : producing(options, words),
      ),
    ),
  );
}

/** How nginx reaches itself where it listens. */
function reachable({ host, port }: ServerConfigOptions['http']): ServerConfigOptions['http'] {
  if (host === '0.0.0.0') return { host: '127.0.0.1', port };
  return { host: host === '::' ? '::1' : host, port };
}

function fetching({ origin, app }: ServerConfigOptions, { nginx }: ServerConfigWords): Lines {
  if (origin === undefined) throw new Error('an edge without an origin');
  return [
    comment(nginx.pull),
    directive('pull', `rtmp://${hostPort(origin.rtmp)}/${app}`),
    comment(nginx.noPublish),
    'deny publish all;',
  ];
}

function producing(options: ServerConfigOptions, words: ServerConfigWords): Lines {
  const { nginx } = words;
  const { folder, record, push } = options;
  return [
    comment(nginx.idle),
    'drop_idle_publisher 15s;',
    options.hls
      ? [
          comment(nginx.hls),
          'hls on;',
          directive('hls_path', `${folder}/hls`),
          `hls_fragment ${segmentSeconds}s;`,
          `hls_playlist_length ${windowSeconds}s;`,
          comment(nginx.hlsNames),
          'hls_fragment_naming system;',
          comment(nginx.cleanup),
          'hls_cleanup on;',
        ]
      : [],
    options.dash
      ? [
          comment(nginx.dash),
          'dash on;',
          directive('dash_path', `${folder}/dash`),
          `dash_fragment ${segmentSeconds}s;`,
          `dash_playlist_length ${windowSeconds}s;`,
          'dash_cleanup on;',
        ]
      : [],
    record === undefined
      ? []
      : [
          comment(nginx.record),
          'record all;',
          directive('record_path', record),
          'record_unique on;',
          'record_suffix .flv;',
        ],
    push.length === 0 ? [] : [comment(nginx.push), push.map(pushed), 'push_reconnect 3s;'],
    options.role === 'origin' ? [comment(nginx.edges), edgeCommand('nginx', options)] : [],
  ];
}

/** Application and name apart, for nginx ends the application at its first slash. */
function pushed({ host, port, app, streamKey }: PushTarget): string {
  const server = `rtmp://${hostPort({ host, port })}`;
  return directive(
    'push',
    server,
    ...(app === undefined ? [] : [`app=${app}`, `tcUrl=${server}/${app}`]),
    ...(streamKey === undefined ? [] : [`playPath=${streamKey}`]),
  );
}
