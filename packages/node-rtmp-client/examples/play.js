// node play.js rtmp://localhost/live camera recording.flv
import { open } from 'node:fs/promises';
import { FlvFileWriter, parseRtmpUrl, play } from 'node-rtmp-client';

const [server, streamKey, path] = process.argv.slice(2);
const player = await play({ address: parseRtmpUrl(server), streamKey });
process.once('SIGINT', () => player.close());

const file = await open(path, 'w');
const writer = new FlvFileWriter();
await file.writev(writer.header());
for await (const item of player) await file.writev(writer.item(item));
// Duration, size and keyframes are known now, and there is room for them at the file's beginning.
for (const { position, bytes } of writer.finish()) await file.write(bytes, 0, undefined, position);
await file.close();

const reason = await player.closed; // undefined when the stream ended in order
if (reason !== undefined) console.error(reason.code, reason.message);
