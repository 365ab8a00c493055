import { wait } from '../async/abort.js';
import type { FlvItem } from '../flv/flv-item.js';
import { PhaseRunner } from '../net/phase-runner.js';
import type { Capabilities } from '../session/capabilities.js';
import type { PublishRequest } from '../session/client-stream.js';
import { abortedByCaller, RtmpError } from '../session/rtmp-error.js';
import type { ClientConnection } from './client-connection.js';
import type { RtmpClientOptions } from './connect-options.js';
import { declaredCapabilities, ConnectionOpener } from './connection-opener.js';
import type { OpenStream } from './open-stream.js';
import { elsewhere } from './relocation.js';

/** What the server does besides: nothing, a new recording, or more of the old one (RTMP 1.0 §7.2.2.6). */
export type PublishMode = PublishRequest['mode'];

export interface PublishOptions extends RtmpClientOptions {
  /** 'live' by default. */
  readonly mode?: PublishMode | undefined;
  /**
   * Writes presentation times to the nanosecond where the server says that it can read them (Enhanced RTMP v2,
   * `TimestampOffsetNano`). False by default: milliseconds, as everybody can.
   */
  readonly nanoseconds?: boolean | undefined;
  /**
   * What is done when a server asks its clients to reconnect elsewhere (Enhanced RTMP v2, "Reconnect Request"):
   * 'follow', as by default, goes on over another connection from the next keyframe, and loses nothing; 'ignore' stays
   * where it is, and declares so.
   */
  readonly reconnect?: 'follow' | 'ignore' | undefined;
}

/** A connection and the stream that is published over it. */
export interface PublisherLink {
  readonly connection: ClientConnection;
  readonly open: OpenStream;
}

/** Some servers take a moment to notice that a stream is free again. */
const busyMs = 1_000;
const busyPauseMs = 100;
/**
 * How long a stream may rest while it moves: first for the old server to have taken everything, then for the new one.
 */
const drainMs = 500;
const moveMs = 1_500;
/** More than this in our own queues has not drained. */
const nearlyNothing = 16 * 1024;

/** @param peer what the server can do. */
export const publishRequest = (
  options: Pick<PublishOptions, 'streamKey' | 'mode' | 'nanoseconds'>,
  peer: Capabilities,
  shift?: number,
): PublishRequest => ({
  role: 'publish',
  streamKey: options.streamKey,
  mode: options.mode ?? 'live',
  body: {
    nanoseconds:
      options.nanoseconds === true && peer.capsEx.modEx && peer.capsEx.timestampNanoOffset,
  },
  shift,
});

/** Connects and publishes. @throws RtmpError */
export async function openPublisher(options: PublishOptions): Promise<PublisherLink> {
  return new ConnectionOpener(openingOptions(options)).open('publish', async (connection) => {
    const open = connection.open(publishRequest(options, connection.session.peer));
    await open.started;
    return { connection, open };
  });
}

/**
 * Connects to where a server asks us to reconnect, and does not publish yet.
 *
 * @param tcUrl absolute, relative to `from`, or undefined for the same place.
 * @throws RtmpError
 */
export async function connectElsewhere(
  options: PublishOptions,
  from: ClientConnection,
  tcUrl: string | undefined,
  signal: AbortSignal,
): Promise<ClientConnection> {
  const opening = new ConnectionOpener({
    ...openingOptions(options),
    ...elsewhere(from, tcUrl, signal),
  });
  options.onEvent?.({ type: 'moving', shownUrl: opening.shownUrl });
  return opening.connect();
}

/**
 * Whether the old server has taken everything, or is gone. A server that lets the newest publisher win may throw away
 * what it has not read of the old one.
 */
export async function hasDrained(
  { connection, open }: PublisherLink,
  signal: AbortSignal,
): Promise<'drained' | 'queued' | 'unanswered'> {
  const isGone = (): boolean => open.isOver || connection.error !== undefined;
  if (isGone()) return 'drained';
  if (connection.stats.bytesQueued > nearlyNothing) return 'queued';
  try {
    await connection.ping(signal, drainMs);
    return 'drained';
  } catch {
    return isGone() ? 'drained' : 'unanswered';
  }
}

/**
 * Goes on publishing over `next`; to be called at a keyframe, when nothing is being written to `old`. Make before
 * break: `old` is left only where the server would not take the stream twice.
 *
 * @param headers what is said again first.
 * @throws RtmpError when `next` does not take the stream. `next` is then gone, and `old` may be.
 */
export async function publishElsewhere(
  options: PublishOptions,
  old: PublisherLink,
  next: ClientConnection,
  headers: readonly FlvItem[],
  signal: AbortSignal,
): Promise<PublisherLink> {
  try {
    const open = await movePhases(options, signal).run('publish', (limit) =>
      publishOver(options, old, next, limit),
    );
    return begin({ connection: next, open }, headers);
  } catch (error) {
    next.abort();
    throw error;
  }
}

/** Publishes anew over the connection of `old`, which was left. @throws RtmpError when the server does not take it. */
export async function publishAgain(
  options: PublishOptions,
  { connection, open: { stream } }: PublisherLink,
  headers: readonly FlvItem[],
  signal: AbortSignal,
): Promise<PublisherLink> {
  const open = connection.open(publishRequest(options, connection.session.peer, stream.shift));
  await movePhases(options, signal).run('publish', () => open.started);
  return begin({ connection, open }, headers);
}

const movePhases = ({ deadlines }: PublishOptions, signal: AbortSignal): PhaseRunner =>
  new PhaseRunner({ deadlines: { ...deadlines, overall: moveMs }, signal });

function begin(link: PublisherLink, headers: readonly FlvItem[]): PublisherLink {
  for (const item of headers) link.open.stream.writeItem(item);
  void link.connection.flush();
  return link;
}

async function publishOver(
  options: PublishOptions,
  old: PublisherLink,
  next: ClientConnection,
  signal: AbortSignal,
): Promise<OpenStream> {
  const request = publishRequest(options, next.session.peer, old.open.stream.shift);
  const begun = performance.now();
  for (;;) {
    const open = next.open(request);
    try {
      await open.started;
      return open;
    } catch (error) {
      const isBusy = error instanceof RtmpError && error.code === 'stream-busy';
      const isLate = performance.now() - begun > busyMs;
      if (!isBusy || next.error !== undefined || isLate) throw error;
    }
    // It is we who keep it busy.
    await old.connection.leave(old.open);
    if (!(await wait(busyPauseMs, signal))) throw abortedByCaller('publish');
  }
}

const openingOptions = (
  options: PublishOptions,
): ConstructorParameters<typeof ConnectionOpener>[0] => ({
  ...options,
  capabilities: declaredCapabilities(options, options.reconnect !== 'ignore'),
  plays: false,
  secrets: [options.streamKey],
});
