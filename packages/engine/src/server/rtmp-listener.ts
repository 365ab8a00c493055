import {
  playFrom,
  publishInto,
  RtmpServer,
  type LiveHub,
  type RtmpAuthenticationOptions,
  type RtmpServerHandlers,
  type RtmpServerLimits,
} from 'node-rtmp-client';
import { reason } from '@tallylight/contract';
import { pageWords } from '@tallylight/messages/pages';
import type { Logger } from '../logger.js';
import { atExpiry } from './access/at-expiry.js';
import type { PlayAccess } from './access/play-access.js';
import type { WebHook } from './access/web-hook.js';
import { withPublishLimits, type PublishLimits } from './publish-limits.js';
import { checkPublishKey } from './access/publish-key.js';
import type { PublisherRefused } from './server-events.js';
import type { ServerStatistics } from './statistics/server-statistics.js';

export interface RtmpListenerOptions {
  /** Absent: everybody may publish. */
  readonly publishKey: string | undefined;
  /** Asks publishers who bring no key when they connect for it as their password. */
  readonly publishAuth: boolean;
  readonly access: PlayAccess;
  readonly statistics: ServerStatistics;
  readonly tell: (event: PublisherRefused) => void;
  /** Is asked for each publisher. */
  readonly onPublish: WebHook | undefined;
  readonly publishLimits: PublishLimits;
  /** PEM. Absent: without encryption. */
  readonly tls: { readonly cert: Buffer; readonly key: Buffer } | undefined;
  readonly limits: RtmpServerLimits | undefined;
}

/** How long a publisher that is sent away has to hear why. Milliseconds. */
const toHearMs = 1000;

/** Less than all, so that one machine cannot keep the others out. */
const defaultLimits: RtmpServerLimits = { maxConnectionsPerAddress: 750 };

/** Makes the server that lets publishers and players in. Stream names may be keys: they are in no log line. */
export function createRtmpListener(
  hub: LiveHub,
  logger: Logger,
  {
    publishKey,
    publishAuth,
    access,
    statistics,
    onPublish,
    publishLimits,
    tls,
    tell,
    limits,
  }: RtmpListenerOptions,
): RtmpServer {
  // Programs show them, or log them, as they are.
  const { words } = pageWords('en');
  const refuseKey = (app: string, remote: string, key: 'missing' | 'wrong'): void => {
    logger.warn({ app, remote, key }, 'publisher refused');
    tell({ type: 'publisher-refused', app, remote, why: reason(`publish-key-${key}`) });
  };
  const handlers: RtmpServerHandlers = {
    onPublish: async (publication) => {
      const { app, streamName, remote, query, user } = publication;
      // Whoever has authenticated has done so with the key.
      const needsKey = publishKey !== undefined && user === undefined;
      const check = needsKey ? checkPublishKey(publishKey, query) : 'right';
      if (check !== 'right') {
        refuseKey(app, remote, check);
        publication.reject('NetStream.Publish.Denied', words.publishKey[check]);
        return;
      }
      const asked = { app, name: streamName, remote, query: new URLSearchParams(query) };
      const answer = await onPublish?.ask(asked);
      if (answer?.type === 'refused') {
        logger.warn({ app, remote, why: answer.why }, 'publisher refused');
        tell({ type: 'publisher-refused', app, remote, why: reason('publisher-not-allowed') });
        publication.reject('NetStream.Publish.Denied', words.publisher[answer.why]);
        return;
      }
      logger.info({ app, remote }, 'publisher came');
      const limited = withPublishLimits(publication, publishLimits, (why) => {
        logger.warn({ app, remote, why }, 'publisher over its limit');
        publication.end('NetStream.Publish.Denied', words.publisher[why]);
        // Most go on to send whatever they are told.
        setTimeout(() => publication.abort(), toHearMs).unref();
      });
      const named = { ...limited, streamName: answer?.name ?? streamName };
      const end = await publishInto(hub, statistics.publisher(named));
      logger.info({ app, remote, end }, 'publisher left');
      if (end !== 'busy' && end !== 'full') return;
      const why = reason(end === 'busy' ? 'stream-name-taken' : 'too-many-streams');
      tell({ type: 'publisher-refused', app, remote, why });
    },
    onPlay: async (playback) => {
      const { app, streamName, remote, query } = playback;
      const admission = await access.admit(app, streamName, {
        query: new URLSearchParams(query),
        remote,
      });
      if (admission.type === 'refused') {
        const { why } = admission;
        logger.warn({ app, remote, why }, 'player refused');
        playback.reject('NetStream.Play.Failed', words.refusals[why].text);
        return;
      }
      const stay = atExpiry(admission.until, () => playback.end());
      const played = await playFrom(hub, statistics.player(playback));
      stay();
      if (played) logger.debug({ app, remote, ...played }, 'player left');
    },
    onError: (error, remote) => {
      if (error.code === 'refused' && error.phase === 'tcp')
        statistics.refuse('connection', 'too-many-connections');
      logger.warn({ remote, code: error.code, phase: error.phase }, 'RTMP connection failed');
    },
  };
  return new RtmpServer(handlers, {
    limits: { ...defaultLimits, ...limits },
    ...(tls && { tls }),
    ...(publishKey !== undefined && {
      authentication: keyAsPassword(publishKey, publishAuth, ({ app, remote }) =>
        refuseKey(app, remote, 'wrong'),
      ),
    }),
  });
}

/** The key is everybody's password. Publishers are known, as other servers know them, by what they call themselves. */
const keyAsPassword = (
  publishKey: string,
  publishAuth: boolean,
  onWrongPassword: RtmpAuthenticationOptions['onWrongPassword'] & object,
): RtmpAuthenticationOptions => ({
  schemes: ['adobe', 'llnw'],
  password: () => publishKey,
  asks: ({ query, flashVersion }) =>
    publishAuth &&
    flashVersion.startsWith('FMLE/') &&
    checkPublishKey(publishKey, query) !== 'right',
  onWrongPassword,
});
