import { playFrom, publishInto, RtmpServer, type LiveHub } from 'node-rtmp-client';
import type { Logger } from '../logger.js';
import { checkPublishKey } from './publish-key.js';

/** Makes the server that lets publishers and players in. Stream names may be keys: they are in no log line. */
export function createRtmpListener(
  hub: LiveHub,
  logger: Logger,
  publishKey: string | undefined,
): RtmpServer {
  return new RtmpServer({
    onPublish: async (publication) => {
      const { app, remote, query } = publication;
      const check = publishKey === undefined ? 'right' : checkPublishKey(publishKey, query);
      if (check !== 'right') {
        logger.warn({ app, remote, key: check }, 'publisher refused');
        publication.reject('NetStream.Publish.Denied', refusals[check]);
        return;
      }
      logger.info({ app, remote }, 'publisher came');
      const end = await publishInto(hub, publication);
      logger.info({ app, remote, end }, 'publisher left');
    },
    onPlay: async (playback) => {
      const { app, remote } = playback;
      const played = await playFrom(hub, playback);
      if (played) logger.debug({ app, remote, ...played }, 'player left');
    },
    onError: (error, remote) => {
      logger.warn({ remote, code: error.code, phase: error.phase }, 'RTMP connection failed');
    },
  });
}

/** What a publisher is told, whatever program it is. */
const refusals = {
  missing: 'this server wants its publish key: add ?key=KEY to the stream name',
  wrong: 'the publish key is wrong',
};
