import type { FlvItem } from '../flv/flv-item.js';
import type { Capabilities } from '../session/capabilities.js';
import type { RtmpError } from '../session/rtmp-error.js';
import type { PublishMode } from '../session/server-requests.js';

/** What ingests and playbacks have in common. */
export interface RtmpServerStream {
  readonly app: string;
  /** Of an ingest: whoever knows it may publish, so treat it as a secret. */
  readonly streamName: string;
  /** What followed the "?" in the stream's name, or else in the application's; without it. */
  readonly query: string;
  /** The peer's address and port. */
  readonly remote: string;
  /** Who has authenticated; undefined where the server does not ask for it. */
  readonly user: string | undefined;
  /** What the client says it can do. */
  readonly capabilities: Capabilities;
  /** Settles when it has ended: with undefined when in order, else with the reason. Never rejects. */
  readonly closed: Promise<RtmpError | undefined>;
  /**
   * Refuses the stream; the connection goes on.
   *
   * @param code such as NetStream.Publish.BadName, NetStream.Publish.Denied or NetStream.Play.StreamNotFound.
   */
  reject(code: string, description: string): void;
  /** Drops the connection, with all its streams. */
  abort(): void;
}

/** Somebody who publishes, or wants to, to our server. */
export interface RtmpIngest extends RtmpServerStream {
  /** What is to become of it; a server that keeps nothing treats all alike. */
  readonly mode: PublishMode;
  /**
   * What is published, also what came before `accept`; ends with the ingest. The publisher is held up while nobody
   * reads, unless `accept` was given a function.
   */
  readonly items: AsyncIterable<FlvItem>;
  /**
   * Lets the publisher publish.
   *
   * @param onItem is given each item as soon as it has come, for those who never make the publisher wait.
   */
  accept(onItem?: (item: FlvItem) => void): void;
  /** Tells the publisher that it is over. @param code such as NetStream.Publish.BadName. */
  end(code: string, description: string): void;
}
