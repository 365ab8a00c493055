import {
  RtmpServer,
  type FlvItem,
  type RtmpPlayback,
  type RtmpPublication,
} from 'node-rtmp-client';
import type { Logger } from '../logger.js';
import { within } from '../deadline.js';
import { drainPlayer } from './drain-player.js';
import type { LiveStream } from './live-stream.js';
import type { StreamHub } from './stream-hub.js';

/** A publisher that sends nothing for this many milliseconds is gone, and its name is free again. */
const publisherIdleMs = 60_000;

/** Makes the server that lets publishers and players in. Stream names may be keys: they are in no log line. */
export function createRtmpDoor(hub: StreamHub, logger: Logger): RtmpServer {
  return new RtmpServer({
    onPublish: (publication) => receive(publication, hub, logger),
    onPlay: (playback) => deliver(playback, hub, logger),
    onError: (error, remote) => {
      logger.warn({ remote, code: error.code, phase: error.phase }, 'RTMP connection failed');
    },
  });
}

async function receive(
  publication: RtmpPublication,
  hub: StreamHub,
  logger: Logger,
): Promise<void> {
  const { app, streamName, remote } = publication;
  if (streamName === '') {
    publication.reject('NetStream.Publish.BadName', 'the stream has no name');
    return;
  }
  if (hub.full) {
    publication.reject('NetStream.Publish.BadName', 'too many streams are live');
    return;
  }
  const stream = hub.open(app, streamName);
  if (!stream) {
    publication.reject('NetStream.Publish.BadName', 'somebody already publishes this stream');
    return;
  }
  logger.info({ app, remote }, 'publisher came');
  try {
    publication.accept();
    if ((await relay(publication.items, stream)) === 'idle') publication.abort();
  } finally {
    hub.close(stream);
    logger.info({ app, remote }, 'publisher left');
  }
}

/** Hands everything to the stream, until the publisher leaves or has said nothing for too long. */
async function relay(items: AsyncIterable<FlvItem>, stream: LiveStream): Promise<'left' | 'idle'> {
  const iterator = items[Symbol.asyncIterator]();
  for (;;) {
    const next = await within(iterator.next(), publisherIdleMs);
    if (next === 'late') return 'idle';
    if (next.done === true) return 'left';
    stream.push(next.value);
  }
}

async function deliver(playback: RtmpPlayback, hub: StreamHub, logger: Logger): Promise<void> {
  const { app, streamName, remote } = playback;
  const stream = hub.find(app, streamName);
  if (!stream) {
    playback.reject('NetStream.Play.StreamNotFound', 'nobody publishes this stream');
    return;
  }
  playback.accept();
  const queue = stream.join();
  void playback.closed.then(() => stream.leave(queue));
  try {
    const end = await drainPlayer(queue, (item) => playback.write(item));
    if (end === 'ended') playback.end();
    else playback.abort();
  } catch {
    // The player went away while it was written to: nothing to tell anybody.
  } finally {
    stream.leave(queue);
    logger.debug({ app, remote, droppedFrames: queue.droppedFrames }, 'player left');
  }
}
