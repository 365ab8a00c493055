import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { appError, reason, type ErrorData, type ReasonCode } from '@tallylight/contract';
import {
  encodedKey,
  longestPublishKey,
  nginxCannotHold,
  serverRoles,
  srsCannotHold,
  type ServerConfigOptions,
  type ServerRole,
} from '@tallylight/engine';
import { readVariable } from '../../destinations.js';
import { parseHostPort, type HostPort } from '../../option-values.js';
import { readPushTarget } from './read-push-target.js';
import type { ServerEngine } from './server-engine.js';
import { defaultWorkFolder, nginxFolder } from '../../work-folder.js';

export interface RawServerConfigOptions {
  readonly role: string;
  readonly origin?: string;
  readonly originHttp?: string;
  readonly rtmp: string;
  readonly http: string;
  readonly app: string;
  readonly hls?: boolean;
  readonly dash?: boolean;
  readonly record?: string;
  readonly push?: readonly string[];
  readonly publishKeyEnv?: string;
  readonly stat?: boolean;
  readonly workFolder?: string;
  readonly output?: string;
  readonly json?: boolean;
}

/**
 * What was typed, checked: nothing of it can break the configuration that it goes into.
 *
 * @throws AppError `INVALID_OPTION` or `INVALID_URL`. Neither tells a key.
 */
export function readServerConfigOptions(
  engine: ServerEngine,
  raw: RawServerConfigOptions,
  environment: NodeJS.ProcessEnv,
): ServerConfigOptions {
  const role = readRole(raw.role);
  refuseForRole(role, raw);
  if (engine === 'srs') refuseForSrs(role, raw);
  const app = readApp(raw.app);
  const rtmp = readHostPort('--rtmp', raw.rtmp, '0.0.0.0:1935');
  const http = readHostPort('--http', raw.http, '0.0.0.0:8080');
  if (rtmp.port === http.port) throw invalid('same-address', { first: '--rtmp', second: '--http' });
  return {
    ...{ role, rtmp, http, app, origin: readOrigin(raw, http) },
    ...{ hls: raw.hls === true, dash: raw.dash === true, stat: raw.stat === true },
    record: raw.record === undefined ? undefined : readPath(engine, '--record', raw.record),
    push: (raw.push ?? []).map((url) => readPushTarget(engine, url, app)),
    publishKey:
      raw.publishKeyEnv === undefined ? undefined : readPublishKey(raw.publishKeyEnv, environment),
    folder: nginxFolder(
      readPath(engine, '--work-folder', raw.workFolder ?? defaultWorkFolder(environment)),
      rtmp.port,
    ),
  };
}

function readRole(text: string): ServerRole {
  const role = serverRoles.find((each) => each === text);
  const data = { option: '--role', values: serverRoles.join(', '), text };
  if (role === undefined) throw invalid('not-one-of', data);
  return role;
}

function refuseForRole(role: ServerRole, raw: RawServerConfigOptions): void {
  const given = ([option, value]: readonly [string, unknown]): string[] =>
    value === undefined ? [] : [option];
  if (role === 'edge') {
    if (raw.origin === undefined) throw invalid('needs-origin');
    const [option] = [
      ...given(['--record', raw.record]),
      ...given(['--push', raw.push]),
      ...given(['--publish-key-env', raw.publishKeyEnv]),
    ];
    if (option !== undefined) throw invalid('not-at-edge', { option });
    return;
  }
  const [option] = [
    ...given(['--origin', raw.origin]),
    ...given(['--origin-http', raw.originHttp]),
  ];
  if (option !== undefined) throw invalid('only-for-edge', { option });
}

function refuseForSrs(role: ServerRole, raw: RawServerConfigOptions): void {
  if (raw.publishKeyEnv !== undefined) {
    throw invalid('srs-needs-webhook', { option: '--publish-key-env' });
  }
  if (raw.workFolder !== undefined) throw invalid('folder-not-used', { option: '--work-folder' });
  const option = raw.hls === true ? '--hls' : '--dash';
  const isSegmented = raw.hls === true || raw.dash === true;
  if (role === 'edge' && isSegmented) throw invalid('srs-edge-streams-only', { option });
}

/** A part of a URL's path that needs no escape in either configuration. */
function readApp(text: string): string {
  if (!/^[\p{L}\p{N}_][\p{L}\p{M}\p{N}._-]*$/u.test(text)) {
    throw invalid('not-an-app', { option: '--app', text });
  }
  return text;
}

function readOrigin(raw: RawServerConfigOptions, http: HostPort): ServerConfigOptions['origin'] {
  if (raw.origin === undefined) return undefined;
  const rtmp = readHostPort('--origin', raw.origin, '192.0.2.1:1935');
  return {
    rtmp,
    http:
      raw.originHttp === undefined
        ? { host: rtmp.host, port: http.port }
        : readHostPort('--origin-http', raw.originHttp, '192.0.2.1:8080'),
  };
}

/** With a host that is an address or a name as DNS has it: it stands in the configuration as it is. */
function readHostPort(option: string, text: string, example: string): HostPort {
  const { host, port } = parseHostPort(option, text, example);
  const isHost = isIP(host) !== 0 || /^[a-z0-9_]([a-z0-9_.-]*[a-z0-9])?\.?$/i.test(host);
  if (!isHost) throw invalid('not-host-and-port', { option, text, example });
  if (port === 0) throw invalid('port-must-be-fixed', { option });
  return { host, port };
}

/** Absolute: the server runs elsewhere than this command. */
function readPath(engine: ServerEngine, option: string, text: string): string {
  const path = resolve(text);
  refuseCharacter(option, engine === 'srs' ? srsCannotHold(path) : nginxCannotHold(path, 'path'));
  return path;
}

function readPublishKey(
  variable: string,
  environment: NodeJS.ProcessEnv,
): ServerConfigOptions['publishKey'] {
  const option = '--publish-key-env';
  const key = readVariable(option, variable, environment);
  if (key === '') throw invalid('variable-empty', { option, variable });
  refuseCharacter(option, nginxCannotHold(key, 'text'));
  if (encodedKey(key).length > longestPublishKey) {
    throw invalid('key-too-long', { option, maximum: longestPublishKey });
  }
  return { key, variable };
}

function refuseCharacter(option: string, refused: string | undefined): void {
  if (refused === undefined) return;
  const code = `U+${(refused.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  const isSeen = !/\p{Cc}|\p{Cs}/u.test(refused);
  const character = isSeen ? `"${refused}"` : reason('character-invisible', { code });
  throw invalid('not-in-configuration', { option, character });
}

const invalid = (code: ReasonCode, data?: ErrorData): Error =>
  appError('INVALID_OPTION', { reason: reason(code, data) });
