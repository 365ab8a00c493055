import { shownHostPort } from './config-addresses.js';
import type { ServerConfigOptions } from './server-config-options.js';

/** How an edge of this origin is written, as a comment of one line that can be copied. */
export function edgeCommand(engine: 'nginx' | 'srs', options: ServerConfigOptions): string {
  const { rtmp, http, host, app, hls, dash } = options;
  const origin = shownHostPort(rtmp, host);
  const words = ['tallylight server-config', engine, '--role edge --origin', origin];
  if (engine === 'nginx') words.push('--origin-http', shownHostPort(http, host));
  words.push('--app', app);
  if (engine === 'nginx' && hls) words.push('--hls');
  if (engine === 'nginx' && dash) words.push('--dash');
  return `#   ${words.join(' ')}`;
}
