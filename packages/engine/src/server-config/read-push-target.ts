import {
  appError,
  reason,
  type ErrorData,
  type Reason,
  type ReasonCode,
  type ServerEngine,
} from '@tallylight/contract';
import { readServerUrl, readWholeUrl } from '../rtmp-address.js';
import { refuseCharacter } from './refuse-character.js';
import { nginxCannotHold } from './nginx-syntax.js';
import type { PushTarget } from './server-config-options.js';

const names = { nginx: 'nginx', srs: 'SRS' } as const;

/**
 * Where streams are passed on to, in the likeliest reading of the URL.
 *
 * @param option what the URL is called where it was typed.
 * @param app the application that streams are published to.
 * @throws AppError `INVALID_OPTION` or `INVALID_URL`. Neither tells a key.
 */
export function readPushTarget(
  engine: ServerEngine,
  option: string | Reason,
  url: string,
  app: string,
): PushTarget {
  const [address] = readWholeUrl(url);
  const server = names[engine];
  if (address.protocol === 'rtmps') throw invalid('push-not-rtmps', { server });
  if (address.credentials !== undefined) throw invalid('push-with-login', { server });
  const { host, port } = address;
  if (engine === 'srs') {
    const path = readServerUrl(url).app;
    if (path !== '' && path !== app) throw invalid('srs-keeps-names', { option, app });
    return { host, port, app: undefined, streamKey: undefined };
  }
  const target = {
    ...{ host, port },
    app: address.app === '' ? undefined : address.app,
    streamKey: address.streamName === '' ? undefined : address.streamName,
  };
  const refused = nginxCannotHold(`${target.app ?? ''}${target.streamKey ?? ''}`, 'text');
  refuseCharacter(option, refused);
  return target;
}

const invalid = (code: ReasonCode, data?: ErrorData): Error =>
  appError('INVALID_OPTION', { reason: reason(code, data) });
