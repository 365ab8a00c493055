import type { FlvItem } from '../flv/flv-demuxer.js';
import type { RtmpError } from '../session/rtmp-error.js';

/** Somebody who publishes, or wants to, to our server. */
export interface RtmpPublication {
  readonly app: string;
  /** Whoever knows it may publish: treat it as a secret. */
  readonly streamName: string;
  /** What followed the "?" in the stream's name, or else in the application's; without it. */
  readonly query: string;
  /** The peer's address and port. */
  readonly remote: string;
  /** What is published, from `accept` on; ends with the publication. The publisher is held up while nobody reads. */
  readonly items: AsyncIterable<FlvItem>;
  /** Settles when it has ended: with undefined when the publisher left in order, else with the reason. */
  readonly closed: Promise<RtmpError | undefined>;
  accept(): void;
  /** @param code such as NetStream.Publish.BadName or NetStream.Publish.Denied. */
  reject(code: string, description: string): void;
  /** Drops the connection. */
  abort(): void;
}
