import type { ServerRole } from '@tallylight/contract';

/** A host, an IPv6 address without its brackets, and a TCP port. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** Where each stream is passed on to. */
export interface PushTarget extends HostPort {
  /** Without a slash before it. Where it is missing, the application that the stream was published to. */
  readonly app: string | undefined;
  /** Secret. Where it is missing, the name that the stream was published under. */
  readonly streamKey: string | undefined;
}

/** What another server is asked to do. What is in it has been checked; see `nginxCannotHold` for the characters. */
export interface ServerConfigOptions {
  readonly role: ServerRole;
  /** Where the servers listen. */
  readonly rtmp: HostPort;
  readonly http: HostPort;
  /** By which name or address others reach it; absent where only its people know that. */
  readonly host?: string | undefined;
  /** The origin's addresses; an edge needs them. */
  readonly origin: { readonly rtmp: HostPort; readonly http: HostPort } | undefined;
  /** The one application. */
  readonly app: string;
  readonly hls: boolean;
  readonly dash: boolean;
  readonly stat: boolean;
  /** The absolute path of the folder that streams are recorded to. */
  readonly record: string | undefined;
  readonly push: readonly PushTarget[];
  /** What publishers have to know, and the variable of the environment that it was taken from, if it was. Secret. */
  readonly publishKey: { readonly key: string; readonly variable?: string } | undefined;
  /**
   * The absolute path of nginx's folder for segments, its cache and its logs. nginx makes it, and takes it for the account
   * of its workers: it is no folder that anybody else uses.
   */
  readonly folder: string;
}

/** As it stands in a URL and in both configurations. */
export const hostPort = ({ host, port }: HostPort): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;

/** Whether what is written holds what others must not see. */
export const holdsSecrets = ({ publishKey, push }: ServerConfigOptions): boolean =>
  publishKey !== undefined ||
  push.some(({ app, streamKey }) => Boolean(streamKey ?? app?.includes('?')));
