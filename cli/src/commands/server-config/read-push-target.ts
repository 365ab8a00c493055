import { appError, reason, type ErrorData, type ReasonCode } from '@tallylight/contract';
import { nginxCannotHold, readServerUrl, readWholeUrl, type PushTarget } from '@tallylight/engine';
import type { ServerEngine } from './server-engine.js';

const names = { nginx: 'nginx', srs: 'SRS' } as const;

/**
 * Where `--push` leads, in its likeliest reading.
 *
 * @param app the application that streams are published to.
 * @throws AppError `INVALID_OPTION` or `INVALID_URL`. Neither tells a key.
 */
export function readPushTarget(engine: ServerEngine, url: string, app: string): PushTarget {
  const [address] = readWholeUrl(url);
  const server = names[engine];
  if (address.protocol === 'rtmps') throw invalid('push-not-rtmps', { server });
  if (address.credentials !== undefined) throw invalid('push-with-login', { server });
  const { host, port } = address;
  if (engine === 'srs') {
    const path = readServerUrl(url).app;
    if (path !== '' && path !== app) throw invalid('srs-keeps-names', { app });
    return { host, port, app: undefined, streamKey: undefined };
  }
  const target = {
    ...{ host, port },
    app: address.app === '' ? undefined : address.app,
    streamKey: address.streamName === '' ? undefined : address.streamName,
  };
  const refused = nginxCannotHold(`${target.app ?? ''}${target.streamKey ?? ''}`, 'text');
  if (refused !== undefined) {
    const code = (refused.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    const character = reason('character-invisible', { code: `U+${code}` });
    throw invalid('not-in-configuration', { option: '--push', character });
  }
  return target;
}

const invalid = (code: ReasonCode, data?: ErrorData): Error =>
  appError('INVALID_OPTION', { reason: reason(code, data) });
