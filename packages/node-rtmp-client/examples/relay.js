// SOURCE=rtmp://localhost/live/camera TARGETS='rtmp://a.example/live/key rtmps://b.example/app/other-key' node relay.js
import { parseRtmpUrl, play, publish } from 'node-rtmp-client';

const streamOf = (url) => {
  const address = parseRtmpUrl(url, { withKey: true });
  return { address, streamKey: address.streamName };
};
const source = streamOf(process.env.SOURCE);
const targets = process.env.TARGETS.split(' ').map(streamOf);

const player = await play(source);
process.once('SIGINT', () => player.close());
const publishers = await Promise.all(targets.map(publish));
for (const publisher of publishers) {
  void publisher.closed.then((reason) => reason && console.error(reason.code, reason.message));
}

const isLive = new Set(publishers);
for await (const item of player) {
  // The slowest decides the pace of all; one that breaks is left out.
  await Promise.all(
    [...isLive].map((each) => each.writeItem(item).catch(() => isLive.delete(each))),
  );
}
await Promise.all(publishers.map((publisher) => publisher.close()));
