// STREAM_KEY=movie node publish-file.js movie.flv rtmp://localhost/live
import { createReadStream } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { FlvDemuxer, parseRtmpUrl, publish } from 'node-rtmp-client';

const [file, server] = process.argv.slice(2);
const streamKey = process.env.STREAM_KEY;
const publisher = await publish({ address: parseRtmpUrl(server), streamKey });
const demuxer = new FlvDemuxer();
const start = performance.now();

for await (const bytes of createReadStream(file)) {
  for (const item of demuxer.push(bytes)) {
    if (item.type === 'packet') {
      // As fast as it is played, which is what the viewers of a live stream need.
      const early = item.packet.dts / 1000 - (performance.now() - start);
      if (early > 0) await sleep(early);
    }
    await publisher.writeItem(item); // waits while the connection is behind
  }
}
await publisher.close();
