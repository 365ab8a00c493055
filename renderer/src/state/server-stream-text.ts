import type { ServerStream } from '@tallylight/contract';
import type { WindowMessages } from '@tallylight/messages/window';
import { formatKilobits } from './number-format.js';

/** What programs call them, as people do. */
const codecNames: Readonly<Record<string, string>> = { h264: 'H.264', hevc: 'HEVC' };

const codecName = (codec: string): string => codecNames[codec] ?? codec.toUpperCase();

const protocolNames = {
  ...{ rtmp: 'RTMP', 'http-flv': 'HTTP-FLV', 'ws-flv': 'WebSocket-FLV', hls: 'HLS', dash: 'DASH' },
} as const satisfies Record<keyof ServerStream['viewers'], string>;

/** `1280×720 · H.264 · AAC · 2,503 kbit/s`, as far as it is known. */
export function streamFacts({ video, audio, bitrate }: ServerStream, messages: WindowMessages) {
  const { t } = messages;
  const { width, height } = video ?? {};
  return [
    ...(width !== undefined && height !== undefined ? [`${width}×${height}`] : []),
    ...[video, audio].flatMap((track) => (track ? [codecName(track.codec)] : [])),
    ...(bitrate === undefined
      ? []
      : [t('window.numbers.kilobits', { value: formatKilobits(bitrate, messages) })]),
  ].join(' · ');
}

/** How many watch it, and how. */
export function streamViewers({ viewers }: ServerStream, { t }: WindowMessages): string {
  const ways = Object.entries(viewers) as [keyof typeof protocolNames, number][];
  const count = ways.reduce((sum, [, players]) => sum + players, 0);
  if (count === 0) return t('window.server.nobodyWatches');
  const listed = ways.map(([protocol, players]) =>
    t('window.server.way', { count: players, protocol: protocolNames[protocol] }),
  );
  return t('window.server.watching', { count, ways: listed.join(' · ') });
}
