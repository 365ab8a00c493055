import type { AppErrorInfo, Reason } from '@tallylight/contract';
import type { LiveHubEvent } from 'node-rtmp-client';

/** A publisher was not let in. */
export interface PublisherRefused {
  readonly type: 'publisher-refused';
  readonly app: string;
  /** The peer's address and port. */
  readonly remote: string;
  readonly why: Reason;
}

/** A player was not let in. */
export interface PlayerRefused {
  readonly type: 'player-refused';
  readonly app: string;
  /** The peer's address; over RTMP with its port. */
  readonly remote: string;
  readonly why: Reason;
}

/** What has become of handing a stream on to another server. */
export type PushEvent = {
  readonly app: string;
  readonly name: string;
  /** Where it goes, without the key. */
  readonly url: string;
} & (
  | {
      /** Told once, not with each try that fails in the same way. */
      readonly type: 'push-failed';
      readonly error: AppErrorInfo;
    }
  /** It had failed, and goes on. */
  | { readonly type: 'push-resumed' }
);

/** What the built-in server tells whoever runs it. */
export type BuiltInServerEvent = LiveHubEvent | PublisherRefused | PlayerRefused | PushEvent;
