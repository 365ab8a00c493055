import { FlvDemuxer, parseRtmpUrl, publish } from 'node-rtmp-client';
import { readFile } from '../read-file.js';

// node publish-with-client.js FILE SERVER-URL NAME: publishes as fast as the server takes it.
const [file = '', url = '', streamKey = ''] = process.argv.slice(2);
const publisher = await publish({ address: parseRtmpUrl(url), streamKey });
const demuxer = new FlvDemuxer();
for (const bytes of readFile(file, () => publisher.stats.bytesQueued)) {
  for (const item of demuxer.push(bytes)) {
    await publisher.writeItem(item);
  }
}
await publisher.close({ deadlineMs: 60_000 });
