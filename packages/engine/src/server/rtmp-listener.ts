import { playFrom, publishInto, RtmpServer, type LiveHub } from 'node-rtmp-client';
import type { Logger } from '../logger.js';

/** Makes the server that lets publishers and players in. Stream names may be keys: they are in no log line. */
export function createRtmpListener(hub: LiveHub, logger: Logger): RtmpServer {
  return new RtmpServer({
    onPublish: async (publication) => {
      const { app, remote } = publication;
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
