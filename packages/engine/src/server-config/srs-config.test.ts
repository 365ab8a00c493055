import { serverRoles } from '@tallylight/contract';
import { serverConfigWords } from '@tallylight/messages/server-config';
import { describe, expect, test } from 'vitest';
import { serverConfigOptions } from '../../../../test/support/server-config-options.js';
import type { ServerConfigOptions } from './server-config-options.js';
import { srsCannotHold, srsConfig } from './srs-config.js';

// SRS is in no package of Debian: nobody has run what is written. It is read by SRS's rules, as its documentation and its
// full.conf have them, and each directive must be one that is documented in that place.

/** Every directive by the block that it stands in. */
const documented: Readonly<Record<string, readonly string[]>> = {
  '': [
    'listen',
    'daemon',
    'srs_log_tank',
    'pid',
    'max_connections',
    'chunk_size',
    'http_server',
    'http_api',
    'vhost',
  ],
  http_server: ['enabled', 'listen', 'dir', 'crossdomain'],
  http_api: ['enabled', 'listen', 'crossdomain', 'raw_api', 'auth'],
  vhost: [
    'cluster',
    'hls',
    'dash',
    'dvr',
    'forward',
    'play',
    'publish',
    'http_remux',
    'http_hooks',
  ],
  cluster: ['mode', 'origin', 'token_traverse', 'vhost', 'debug_srs_upnode'],
  hls: [
    ...['enabled', 'hls_fragment', 'hls_window', 'hls_path', 'hls_m3u8_file', 'hls_ts_file'],
    ...['hls_cleanup', 'hls_ctx', 'hls_ts_ctx', 'hls_dispose', 'hls_wait_keyframe'],
  ],
  dash: [
    ...['enabled', 'dash_fragment', 'dash_update_period', 'dash_timeshift', 'dash_path'],
    ...['dash_mpd_file', 'dash_window_size', 'dash_cleanup', 'dash_dispose'],
  ],
  dvr: ['enabled', 'dvr_apply', 'dvr_plan', 'dvr_path', 'dvr_duration', 'dvr_wait_keyframe'],
  forward: ['enabled', 'destination', 'backend'],
  play: ['gop_cache', 'queue_length', 'mw_latency', 'send_min_interval'],
  publish: ['firstpkt_timeout', 'normal_timeout', 'mr', 'mr_latency'],
  http_remux: ['enabled', 'mount', 'fast_cache'],
};

/** Directives as SRS reads them: words, some in quotes, then `;`, or `{` and more of them. A line ends none of them. */
function readDirectives(text: string): { readonly block: string; readonly words: string[] }[] {
  const found: { block: string; words: string[] }[] = [];
  const blocks = [''];
  let words: string[] = [];
  const tokens = text.matchAll(/#.*|"([^"\n]*)"(?=[\s;{])|([^\s;{}"#][^\s;{]*)|([;{}])|(\n)|(\S)/g);
  for (const [whole, quoted, bare, mark, lineEnd, other] of tokens) {
    if (other !== undefined) throw new Error(`unexpected ${other}`);
    if (lineEnd !== undefined && words.length > 0)
      throw new Error(`a line ends ${words.join(' ')}`);
    const word = quoted ?? bare;
    if (word !== undefined) words.push(word);
    if (mark === undefined || whole.startsWith('#')) continue;
    if (mark === '}') {
      if (words.length > 0 || blocks.length === 1) throw new Error('unexpected }');
      blocks.pop();
      continue;
    }
    if (words.length === 0) throw new Error(`unexpected ${mark}`);
    found.push({ block: blocks.at(-1) ?? '', words });
    if (mark === '{') blocks.push(words[0] ?? '');
    words = [];
  }
  if (words.length > 0 || blocks.length > 1) throw new Error('unexpected end');
  return found;
}

const subsets = <T>(values: readonly T[]): T[][] =>
  values.reduce<T[][]>((sets, value) => sets.flatMap((set) => [set, [...set, value]]), [[]]);

const target = { host: '::1', port: 1936, app: undefined, streamKey: undefined };
const origin = { rtmp: { host: '192.0.2.1', port: 1935 }, http: { host: '192.0.2.1', port: 8080 } };
const shared: Partial<ServerConfigOptions>[] = [
  { stat: true },
  { rtmp: { host: '::', port: 1935 } },
];
const producing: Partial<ServerConfigOptions>[] = [
  ...[{ hls: true }, { dash: true }, { record: "/srv/it's #1" }],
  { push: [target, { ...target, host: '192.0.2.2' }] },
];

describe.each(serverRoles)('of %s', (role) => {
  const sets = subsets(role === 'edge' ? shared : [...shared, ...producing]);
  test.each(['en', 'zh-CN'] as const)('every combination is what SRS reads, in %s', (language) => {
    expect(sets.length).toBe(role === 'edge' ? 4 : 64);
    for (const set of sets) {
      const options = Object.assign({ role, origin }, ...set) as Partial<ServerConfigOptions>;
      const text = srsConfig(serverConfigOptions(options), serverConfigWords(language));
      expect(text).not.toContain('{{');
      for (const { block, words } of readDirectives(text)) {
        expect(documented[block], block).toContain(words[0]);
        expect(words.length, words.join(' ')).toBeGreaterThan(documented[words[0] ?? ''] ? 0 : 1);
      }
    }
  });
});

const directives = (options: Partial<ServerConfigOptions>): string[] =>
  readDirectives(srsConfig(serverConfigOptions(options), serverConfigWords('en'))).map(
    ({ block, words }) => [block, ...words].join(' '),
  );

test('says what was asked for', () => {
  const all = directives(
    Object.assign({ role: 'origin', stat: true }, ...producing) as Partial<ServerConfigOptions>,
  );
  expect(all).toEqual(
    expect.arrayContaining([
      ' listen 127.0.0.1:1935',
      'http_server listen 127.0.0.1:8080',
      'http_api listen 127.0.0.1:1985',
      'hls hls_m3u8_file hls/[stream].m3u8',
      'dash dash_mpd_file dash/[stream].mpd',
      "dvr dvr_path /srv/it's #1/[app]/[stream].[timestamp].flv",
      'forward destination [::1]:1936 192.0.2.2:1936',
    ]),
  );
  expect(all.join('\n')).not.toContain('cluster');
});

test('an edge fetches from its origin and has no files', () => {
  const all = directives({ role: 'edge', origin });
  expect(all).toContain('cluster mode remote');
  expect(all).toContain('cluster origin 192.0.2.1:1935');
  expect(all.join('\n')).not.toMatch(/\b(hls|dash|dvr|forward)\b/);
});

test('what SRS cannot hold is found', () => {
  expect(srsCannotHold('/srv/[app]')).toBe('[');
  expect(srsCannotHold('/srv/"')).toBe('"');
  expect(srsCannotHold('/srv/a\nb')).toBe('\n');
  expect(srsCannotHold("/srv/it's #1 中")).toBeUndefined();
});

test.each(['listen 1935', 'listen 1\n935;', '}', 'a {', 'a "b"c;', ';'])(
  'the reader of this test refuses %j',
  (text) => {
    expect(() => readDirectives(text)).toThrow();
  },
);
