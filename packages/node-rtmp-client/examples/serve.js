// PUBLISH_PASSWORD=… node serve.js 1935
import { LiveHub, liveHandlers, RtmpServer } from 'node-rtmp-client';

const password = process.env.PUBLISH_PASSWORD;
const hub = new LiveHub({ duplicatePublisher: 'replace' });
hub.watch(({ type, stream }) => console.log(type, stream.app, stream.video, stream.audio));
const { onPublish, onPlay } = liveHandlers(hub);

const server = new RtmpServer(
  {
    // rtmp://localhost/live/camera?password=… may publish; everybody may play.
    onPublish: (ingest) => {
      if (new URLSearchParams(ingest.query).get('password') === password) {
        return onPublish(ingest);
      }
      ingest.reject('NetStream.Publish.Denied', 'Not with this password.');
    },
    onPlay,
    onError: (error, remote) => console.error(remote, error.code, error.message),
  },
  { limits: { maxConnectionsPerAddress: 20 } },
);
const address = await server.listen({ host: '127.0.0.1', port: Number(process.argv[2]) });
console.log(`rtmp://${address.host}:${address.port}/live`);
process.once('SIGINT', () => {
  hub.closeAll();
  void server.close();
});
