import type { Capabilities } from '../session/capabilities.js';

/** Somebody who has connected, and wants to be let in. */
export interface RtmpConnectRequest {
  /** Without slashes around it, and without its query. */
  readonly app: string;
  /** The address that the client says it connects to. */
  readonly tcUrl: string;
  /** What followed the "?" in the application, or else in the URL; without it, and without what authenticated. */
  readonly query: string;
  /** What the client calls itself. */
  readonly flashVersion: string;
  /** The peer's address and port. */
  readonly remote: string;
  /** What the client says it can do. */
  readonly capabilities: Capabilities;
  /** Who has authenticated; undefined where the server does not ask for it. */
  readonly user: string | undefined;
  /** Lets the client in; it may publish and play then. */
  accept(): void;
  /**
   * Refuses the client and ends the connection.
   *
   * @param code such as NetConnection.Connect.Rejected or NetConnection.Connect.InvalidApp.
   */
  reject(code: string, description: string): void;
  /** Sends the client to another server: Adobe's 302. @param url with application, without a stream's name. */
  redirect(url: string): void;
}
