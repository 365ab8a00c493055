import { isIP } from 'node:net';
import {
  AppError,
  appError,
  fittingExample,
  reason,
  serverRoles,
  splitHostPort,
  type ErrorData,
  type Reason,
  type ReasonCode,
  type ServerConfigField,
  type ServerConfigProblem,
  type ServerEngine,
  type ServerRole,
} from '@tallylight/contract';
import { nginxCannotHold } from './nginx-syntax.js';
import { encodedKey, longestPublishKey } from './publish-check.js';
import { readPushTarget } from './read-push-target.js';
import { refuseCharacter } from './refuse-character.js';
import type { HostPort, ServerConfigOptions } from './server-config-options.js';
import { srsCannotHold } from './srs-config.js';

/** A server's configuration as it was typed; what is absent is not wanted. */
export interface TypedServerConfig {
  readonly role: string;
  readonly rtmp: string;
  readonly http: string;
  readonly app: string;
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
  readonly originHttp?: string | undefined;
  readonly hls?: boolean | undefined;
  readonly dash?: boolean | undefined;
  readonly stat?: boolean | undefined;
  /** An absolute path, as that of the work folder. */
  readonly record?: string | undefined;
  readonly push?: readonly string[] | undefined;
  readonly publishKey?: ServerConfigOptions['publishKey'];
  /** Where nginx makes its folder. */
  readonly workFolder: string;
}

/** What each field is called where it was typed, for the sentences about it; `otherRtmp` is that of RTMP in one about HTTP. */
export type ServerConfigNames = Readonly<Record<ServerConfigField | 'otherRtmp', string | Reason>>;

export type ReadServerConfig =
  | { readonly type: 'read'; readonly options: ServerConfigOptions }
  | {
      readonly type: 'refused';
      readonly problems: readonly [ServerConfigProblem, ...ServerConfigProblem[]];
    };

/** What was typed, checked: nothing of it can break the configuration that it goes into. No problem tells a key. */
export function readServerConfig(
  engine: ServerEngine,
  typed: TypedServerConfig,
  names: ServerConfigNames,
): ReadServerConfig {
  return new Reading(engine, typed, names).read();
}

/** Goes on after what is wrong, to find all of it. */
class Reading {
  readonly #engine: ServerEngine;
  readonly #typed: TypedServerConfig;
  readonly #names: ServerConfigNames;
  readonly #problems: ServerConfigProblem[] = [];

  constructor(engine: ServerEngine, typed: TypedServerConfig, names: ServerConfigNames) {
    this.#engine = engine;
    this.#typed = typed;
    this.#names = names;
  }

  read(): ReadServerConfig {
    const typed = this.#typed;
    const role = this.#try('role', () => this.#role()) ?? 'single';
    this.#refuseForRole(role);
    if (this.#engine === 'srs') this.#refuseForSrs(role);
    const app = this.#try('app', () => this.#app()) ?? 'live';
    const rtmp = this.#hostPort('rtmp', '0.0.0.0:1935');
    const http = this.#hostPort('http', '0.0.0.0:8080');
    this.#try('http', () => this.#refuseSamePort(rtmp, http));
    const host = this.#try('host', () => this.#host());
    const options: ServerConfigOptions = {
      ...{ role, rtmp, http, app, origin: this.#origin(http) },
      ...(host !== undefined && { host }),
      ...{ hls: typed.hls === true, dash: typed.dash === true, stat: typed.stat === true },
      record:
        typed.record === undefined
          ? undefined
          : this.#try('record', () => this.#path('record', typed.record ?? '')),
      push: (typed.push ?? []).flatMap((url, index) => {
        const read = () => readPushTarget(this.#engine, this.#names.push, url, app);
        return this.#try('push', read, index) ?? [];
      }),
      publishKey: this.#try('publishKey', () => this.#publishKey()),
      folder: nginxFolder(
        this.#try('workFolder', () => this.#path('workFolder', typed.workFolder)) ?? '/',
        rtmp.port,
      ),
    };
    const [first, ...others] = this.#problems;
    return first ? { type: 'refused', problems: [first, ...others] } : { type: 'read', options };
  }

  #try<T>(field: ServerConfigField, read: () => T, index?: number): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      this.#problems.push({ field, ...(index !== undefined && { index }), error: error.info });
      return undefined;
    }
  }

  #role(): ServerRole {
    const text = this.#typed.role;
    const role = serverRoles.find((each) => each === text.trim().toLowerCase());
    const data = { option: this.#names.role, values: serverRoles.join(', '), text };
    if (role === undefined) throw invalid('not-one-of', data);
    return role;
  }

  #refuseForRole(role: ServerRole): void {
    const { origin } = this.#typed;
    if (role !== 'edge') {
      this.#refuseGiven(['origin', 'originHttp'], 'only-for-edge');
      return;
    }
    this.#try('origin', () => {
      if (origin === undefined) throw invalid('needs-origin', { option: this.#names.origin });
    });
    this.#refuseGiven(['record', 'push', 'publishKey'], 'not-at-edge');
  }

  #refuseForSrs(role: ServerRole): void {
    if (role !== 'edge') this.#refuseGiven(['publishKey'], 'srs-needs-webhook');
    else this.#refuseGiven(['hls', 'dash'], 'srs-edge-streams-only');
  }

  #refuseGiven(
    fields: readonly (keyof TypedServerConfig & ServerConfigField)[],
    why: ReasonCode,
  ): void {
    for (const field of fields) {
      const value = this.#typed[field];
      if (value === undefined || value === false) continue;
      this.#try(field, () => {
        throw invalid(why, { option: this.#names[field] });
      });
    }
  }

  /** A part of a URL's path that needs no escape in either configuration. */
  #app(): string {
    const text = this.#typed.app;
    if (!/^[\p{L}\p{N}_][\p{L}\p{M}\p{N}._-]*$/u.test(text)) {
      throw invalid('not-an-app', { option: this.#names.app, text });
    }
    return text;
  }

  #host(): string | undefined {
    const text = this.#typed.host;
    if (text === undefined) return undefined;
    const host = text.replace(/^\[(.*)\]$/, '$1');
    if (!isHost(host)) throw invalid('not-a-host', { option: this.#names.host, text });
    return host;
  }

  #origin(http: HostPort): ServerConfigOptions['origin'] {
    if (this.#typed.origin === undefined) return undefined;
    const rtmp = this.#hostPort('origin', '192.0.2.1:1935');
    return {
      rtmp,
      http:
        this.#typed.originHttp === undefined
          ? { host: rtmp.host, port: http.port }
          : this.#hostPort('originHttp', '192.0.2.1:8080'),
    };
  }

  #refuseSamePort(rtmp: HostPort, http: HostPort): void {
    if (rtmp.port === 0 || rtmp.port !== http.port) return;
    const { http: option, otherRtmp: other } = this.#names;
    throw invalid('same-address', { option, other });
  }

  /** With a host that is an address or a name as DNS has it: it stands in the configuration as it is. */
  #hostPort(field: 'rtmp' | 'http' | 'origin' | 'originHttp', example: string): HostPort {
    const read = (): HostPort => {
      const [text, option] = [this.#typed[field] ?? '', this.#names[field]];
      const parts = splitHostPort(text);
      if (parts === undefined || !isHost(parts.host)) {
        const fitting = fittingExample(text, example);
        throw invalid('not-host-and-port', { option, text, example: fitting });
      }
      const port = /^\d+$/.test(parts.port) ? Number(parts.port) : Infinity;
      if (port > 65_535) throw invalid('not-a-fixed-port', { option, text: parts.port });
      if (port === 0) throw invalid('port-must-be-fixed', { option });
      return { host: parts.host, port };
    };
    return this.#try(field, read) ?? { host: '0.0.0.0', port: 0 };
  }

  /** Absolute: the server runs elsewhere than this program. */
  #path(field: 'record' | 'workFolder', path: string): string {
    const option = this.#names[field];
    if (!/^(\/|[a-z]:[\\/])/i.test(path)) throw invalid('path-not-absolute', { option });
    const refused = this.#engine === 'srs' ? srsCannotHold(path) : nginxCannotHold(path, 'path');
    refuseCharacter(option, refused);
    return path;
  }

  #publishKey(): ServerConfigOptions['publishKey'] {
    const { publishKey } = this.#typed;
    if (publishKey === undefined) return undefined;
    const option = this.#names.publishKey;
    refuseCharacter(option, nginxCannotHold(publishKey.key, 'text'));
    if (encodedKey(publishKey.key).length > longestPublishKey) {
      throw invalid('key-too-long', { option, maximum: longestPublishKey });
    }
    return publishKey;
  }
}

const isHost = (host: string): boolean =>
  isIP(host) !== 0 || /^[a-z0-9_]([a-z0-9_.-]*[a-z0-9])?\.?$/i.test(host);

/**
 * The folder that nginx makes. Never one that was named: nginx, when root starts it, hands it over to the account of its
 * workers. Each RTMP port has its own, for several on one machine.
 */
const nginxFolder = (workFolder: string, port: number): string =>
  `${workFolder.replace(/[\\/]$/, '')}/tallylight-nginx-${port}`;

const invalid = (code: ReasonCode, data?: ErrorData): Error =>
  appError('INVALID_OPTION', { reason: reason(code, data) });
