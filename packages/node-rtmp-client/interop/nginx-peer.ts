import { until } from '../../../test/support/until.js';
import { startNginxRtmp } from '../../../test/support/nginx.js';
import type { Server } from './roles.js';

/** Its queue for a player is short, and what does not fit is dropped; files come faster than any camera. */
const roomyQueues = 'out_queue 16384;';

/** @param directives of the RTMP server, besides what everybody needs. */
export const nginxServer = (directives = ''): Server => ({
  name: 'nginx-rtmp',
  program: 'nginx with the RTMP module',
  start: async () => {
    const nginx = await startNginxRtmp({ directives: `${roomyQueues} ${directives}` });
    return {
      urlOf: (streamName) => `${nginx.serverUrl}/${streamName}`,
      hasPlayer: async (streamName) => {
        const listed = new RegExp(`<name>${streamName}</name>(?:(?!</stream>)[\\s\\S])*<client>`);
        await until(`a player of ${streamName}`, async () => listed.test(await nginx.statistics()));
      },
      recordingOf: (streamName) => nginx.recording(streamName),
      stop: () => nginx.stop(),
    };
  },
});
