import { wait } from '../async/abort.js';
import type { PlayRequest } from '../session/client-stream.js';
import { abortedByCaller, RtmpError } from '../session/rtmp-error.js';
import type { ClientConnection } from './client-connection.js';
import type { RtmpClientOptions } from './connect-options.js';
import { declaredCapabilities, ConnectionOpener } from './connection-opener.js';
import { endedByServer } from './located-error.js';
import type { OpenStream } from './open-stream.js';
import { elsewhere, type Destination } from './relocation.js';
import { watchSilence } from './silence-watch.js';
import { StreamTrail } from './stream-trail.js';

const defaultBufferMs = 1_000;

/** The publisher of a stream may get to the new server after its players. */
const notFoundMs = 8_000;
const notFoundPauseMs = 100;

/** What of a stream is to be played, RTMP 1.0 §7.2.2.1. */
export interface PlayRange {
  /** Seconds into a recording; -1 only the live stream; -2, as by default, the live stream or else the recording. */
  readonly start?: number;
  /** Seconds to play; -1, as by default, all. */
  readonly duration?: number;
  /** False lets what was asked for before on this stream go on first. */
  readonly reset?: boolean;
  /** How much the server is told that is kept here, in milliseconds; 1000 by default. */
  readonly bufferMs?: number;
}

export interface PlayOptions extends RtmpClientOptions, PlayRange {
  /**
   * What is done when a server asks its clients to reconnect elsewhere (Enhanced RTMP v2, "Reconnect Request"):
   * 'follow', as by default, plays there, too, and goes on over the other connection: without a gap where both servers
   * send the same, else at a keyframe once the old one has ended. 'ignore' stays where it is, and declares so.
   * Recordings stay where they are.
   */
  readonly reconnect?: 'follow' | 'ignore' | undefined;
}

/** A connection and the stream that is played over it. */
export interface PlayerLink extends Destination {
  readonly connection: ClientConnection;
  readonly open: OpenStream;
  readonly trail: StreamTrail;
}

export const playRequest = ({
  streamKey,
  start,
  duration,
  reset,
  bufferMs = defaultBufferMs,
}: PlayRange & { readonly streamKey: string }): PlayRequest => ({
  ...{ role: 'play', streamKey, start, duration, reset, bufferMs },
});

/** Whether requests to reconnect are followed. */
export const isFollowing = ({ reconnect, start = -2, duration = -1 }: PlayOptions): boolean =>
  reconnect !== 'ignore' && start < 0 && duration < 0;

/** Connects and plays. @throws RtmpError */
export function openPlayer(options: PlayOptions): Promise<PlayerLink> {
  return openingFor(options).open('play', async (connection) => {
    const link = playOver(connection, options);
    await link.open.started;
    return link;
  });
}

/**
 * Plays also over a connection to where a server asks us to reconnect.
 *
 * @param tcUrl absolute, relative to the address of `old`, or undefined for the same place.
 * @throws RtmpError
 */
export async function playElsewhere(
  options: PlayOptions,
  old: PlayerLink,
  { tcUrl, signal }: { readonly tcUrl: string | undefined; readonly signal: AbortSignal },
): Promise<PlayerLink> {
  if (isRecording(old)) throw recordingStays();
  const there = { ...options, ...elsewhere(old.connection, tcUrl, signal) };
  const opening = openingFor(there);
  options.onEvent?.({ type: 'moving', shownUrl: opening.shownUrl });
  const link = await opening.open('play', (connection, limit) =>
    playWhenFound(connection, there, limit),
  );
  if (!isRecording(old) && !isRecording(link)) return link;
  link.abort();
  throw recordingStays();
}

const isRecording = (link: PlayerLink): boolean => link.open.stream.isRecorded;
export const recordingStays = (): RtmpError =>
  new RtmpError('unsupported', 'play', 'what is recorded goes on where it is');

const openingFor = (options: PlayOptions): ConnectionOpener =>
  new ConnectionOpener({
    ...options,
    capabilities: declaredCapabilities(options, isFollowing(options)),
    ...{ plays: true, publishes: false },
    secrets: [options.streamKey],
  });

async function playWhenFound(
  connection: ClientConnection,
  options: PlayOptions,
  signal: AbortSignal,
): Promise<PlayerLink> {
  const begun = performance.now();
  for (;;) {
    const link = playOver(connection, options);
    try {
      await link.open.started;
      return link;
    } catch (error) {
      const isMissing =
        error instanceof RtmpError && error.data['serverCode'] === 'NetStream.Play.StreamNotFound';
      const isLate = performance.now() - begun > notFoundMs;
      if (!isMissing || connection.error !== undefined || isLate) throw error;
    }
    if (!(await wait(notFoundPauseMs, signal))) throw abortedByCaller('play');
  }
}

function playOver(connection: ClientConnection, options: PlayOptions): PlayerLink {
  const link = playerLink(connection, connection.open(playRequest(options)));
  if (isFollowing(options)) link.open.onItem = (item) => link.trail.see(item);
  return link;
}

/** A stream that was opened over `connection`, which is dropped when nothing comes any more. */
export function playerLink(connection: ClientConnection, open: OpenStream): PlayerLink {
  void open.closed.then(watchSilence(connection));
  return {
    ...{ connection, open, trail: new StreamTrail() },
    closed: open.closed.then((error) => error ?? endedByServer()),
    abort: () => connection.abort(),
  };
}
