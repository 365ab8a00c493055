import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ffmpegPlayer, ffmpegPublisher } from './ffmpeg-peer.js';
import { gstreamerPublisher, publishWithGstreamer } from './gstreamer-peer.js';
import { librtmpPublisher } from './librtmp-peer.js';
import { tryCase } from './matrix.js';
import { ourPlayer, ourPublisher, ourServer } from './our-peer.js';
import { relayed } from './relayed.js';
import type { Player, Publisher, Serving } from './roles.js';
import { openWorkbench, type Workbench } from './workbench.js';

const [user, password] = ['streamer', 'Pa55word'];
const credentials = { user, password };
/** As ffmpeg takes them. */
const withPassword = (url: string, given = password): string =>
  url.replace('//', `//${user}:${given}@`);

const ffmpegWithPassword: Publisher = {
  ...ffmpegPublisher,
  publish: (url, clip) => ffmpegPublisher.publish(withPassword(url), clip),
};
const gstreamerWithPassword: Publisher = {
  ...gstreamerPublisher,
  publish: (url, clip) =>
    publishWithGstreamer(
      [
        ...['rtmp2sink', `location=${url}`, 'sync=false'],
        ...[`username=${user}`, `password=${password}`],
      ],
      clip,
    ),
};
const librtmpWithPassword: Publisher = {
  ...librtmpPublisher,
  publish: (url, clip) => {
    const location = `${url} pubUser=${user} pubPasswd=${password} live=1`;
    return publishWithGstreamer(['rtmpsink', `location=${location}`, 'sync=false'], clip);
  },
};
const ffmpegPlayerWithPassword: Player = {
  ...ffmpegPlayer,
  play: (url, file) => ffmpegPlayer.play(withPassword(url), file),
};

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench();
});
afterAll(() => bench.remove());

const ourself = { publishes: ourPublisher({ credentials }), plays: ourPlayer({ credentials }) };
interface AuthenticatedCase {
  readonly publishes: Publisher;
  readonly plays: Player;
  readonly cannot?: string;
}

const schemes: readonly { scheme: 'adobe' | 'llnw'; cases: readonly AuthenticatedCase[] }[] = [
  {
    scheme: 'adobe',
    cases: [
      { ...ourself, publishes: ffmpegWithPassword },
      { ...ourself, publishes: gstreamerWithPassword },
      {
        ...ourself,
        publishes: librtmpWithPassword,
        cannot:
          "librtmp's b64enc, built with GnuTLS, does not end its text, and PublisherAuth writes past its buffer",
      },
      { ...ourself, plays: ffmpegPlayerWithPassword },
    ],
  },
  {
    scheme: 'llnw',
    cases: [
      { ...ourself, publishes: ffmpegWithPassword },
      { ...ourself, publishes: librtmpWithPassword },
      { ...ourself, plays: ffmpegPlayerWithPassword },
    ],
  },
];

for (const { scheme, cases } of schemes) {
  describe(`authmod=${scheme}`, () => {
    const serves = ourServer({
      authentication: {
        schemes: [scheme],
        password: (name) => (name === user ? password : undefined),
      },
    });
    let serving: Serving;
    beforeAll(async () => {
      serving = await serves.start(bench.folder);
    });
    afterAll(() => serving.stop());

    for (const { publishes, plays, cannot } of cases) {
      it(`${publishes.name} publishes, ${plays.name} plays`, (context) =>
        tryCase(context, { publishes, serves, plays, note: `authmod=${scheme}`, cannot }, () =>
          relayed(bench, { publishes, serving, plays }),
        ));
    }

    it('ffmpeg with the wrong password is refused', (context) => {
      const plays = { name: 'nobody' };
      const note = `authmod=${scheme}, wrong password`;
      return tryCase(context, { publishes: ffmpegPublisher, serves, plays, note }, async () => {
        const url = withPassword(serving.urlOf('refused'), 'wrong');
        await expect(ffmpegPublisher.publish(url, bench.clip)).rejects.toThrow('ffmpeg ended with');
        return 'refused';
      });
    });
  });
}
