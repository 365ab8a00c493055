import type { LiveHub } from '../live/live-hub.js';
import { RtmpError } from '../session/rtmp-error.js';
import type { RtmpIngest } from './rtmp-ingest.js';
import type { RtmpPlayback } from './rtmp-playback.js';
import type { RtmpServerHandlers } from './rtmp-server-handlers.js';

/** Handlers of a server that gives every player what somebody publishes under the same name. */
export const liveHandlers = (hub: LiveHub): Pick<RtmpServerHandlers, 'onPublish' | 'onPlay'> => ({
  onPublish: async (ingest) => {
    await publishInto(hub, ingest);
  },
  onPlay: async (playback) => {
    await playFrom(hub, playback);
  },
});

/**
 * Makes an ingest live, if its name is free, and keeps it so until it ends.
 *
 * @returns how it ended: it 'left', in whatever way; somebody else 'replaced' it; or it was not let in, because the name
 * is 'busy' or the hub is 'full'.
 */
export async function publishInto(
  hub: LiveHub,
  ingest: RtmpIngest,
): Promise<'left' | 'replaced' | 'busy' | 'full'> {
  const { app, streamName } = ingest;
  let end: 'left' | 'replaced' = 'left';
  const feed = hub.publish(app, streamName, () => {
    end = 'replaced';
    ingest.end('NetStream.Publish.BadName', 'somebody else publishes this stream now');
  });
  if (feed === 'busy' || feed === 'full') {
    const reason =
      feed === 'busy' ? 'somebody already publishes this stream' : 'too many streams are live';
    ingest.reject('NetStream.Publish.BadName', reason);
    return feed;
  }
  ingest.accept((item) => feed.push(item));
  await ingest.closed;
  feed.close();
  return end;
}

/**
 * Gives a player what is live under the name that it asks for, until the stream ends or the player leaves.
 *
 * @returns the frames that the player lost because it was too slow; undefined when there is no such stream.
 */
export async function playFrom(
  hub: LiveHub,
  playback: RtmpPlayback,
): Promise<{ readonly droppedFrames: number } | undefined> {
  const stream = hub.find(playback.app, playback.streamName);
  if (stream === undefined) {
    playback.reject('NetStream.Play.StreamNotFound', 'nobody publishes this stream');
    return undefined;
  }
  playback.accept();
  const player = stream.join();
  void playback.closed.then(() => stream.leave(player));
  try {
    for (;;) {
      const items = await player.nextBatch();
      if (items.length === 0) break;
      await playback.writeAll(items);
    }
    playback.end();
  } catch (error) {
    // It went away while it was written to: nothing to tell anybody.
    if (!(error instanceof RtmpError)) throw error;
  } finally {
    stream.leave(player);
  }
  return { droppedFrames: player.droppedFrames };
}
