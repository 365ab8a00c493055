import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { FlvItem, RtmpIngest } from '../src/index.js';
import { defaultServerLimits } from '../src/server/rtmp-server-limits.js';
import { ServerAdmission } from '../src/server/server-admission.js';
import { ServerConnection } from '../src/server/server-connection.js';
import { SharedChunks } from '../src/session/shared-chunks.js';
import { RawPeer } from './conformance/raw-peer.js';
import { ServerUnderTest } from './conformance/server-under-test.js';

/** A keyframe's tag body as Node-Media-Server 4.4.3 relays it, cut short. */
const keyframe = Uint8Array.of(0x17, 0x01, 0x00, 0x00, 0x43, 0x00, 0x00, 0x00, 0x02, 0x65, 0x88);

const received = (served: ServerUnderTest): number[] =>
  served.events.flatMap((event) => (event.type === 'item' ? [event.streamId] : []));

describe('media on message stream 0, as Node-Media-Server pushes it', () => {
  it('is that of the one stream which is published', () => {
    const served = new ServerUnderTest().connect();
    const streamId = served.begin('publish', 'name', 'live');
    served.send(9, keyframe, { streamId: 0 });
    expect(received(served)).toEqual([streamId]);
  });

  it('belongs to nobody when several are published, or none', () => {
    const served = new ServerUnderTest().connect();
    served.send(9, keyframe, { streamId: 0 });
    served.begin('publish', 'name', 'live');
    served.begin('publish', 'other', 'live');
    served.send(9, keyframe, { streamId: 0 });
    expect(received(served)).toEqual([]);
  });
});

/** A client whose socket is not one, and the ingest that it asks for. */
function publishing(): { client: RawPeer; ingest: Promise<RtmpIngest> } {
  const written: Uint8Array[] = [];
  const socket = new Duplex({
    read: () => undefined,
    write: (bytes: Uint8Array, _encoding, done) => {
      written.push(bytes);
      done();
    },
  });
  const ingest = new Promise<RtmpIngest>((onPublish) => {
    const handlers = { onPublish };
    new ServerConnection(socket as unknown as Socket, {
      ...{ handlers, limits: defaultServerLimits },
      admission: new ServerAdmission(handlers, undefined),
      shared: new SharedChunks(),
    });
  });
  const client = new RawPeer({
    drainOutput: () => written.splice(0),
    receive: (bytes) => void socket.emit('data', Buffer.from(bytes)),
  });
  client.shakeHandsAsClient().call('connect', 1, { app: 'live', tcUrl: 'rtmp://host/live' });
  client.call('createStream', 2, null);
  client.command(1, 'publish', 'name', 'live');
  return { client, ingest };
}

describe('media behind "publish" before it is answered, as nginx-rtmp\'s relay sends its configurations', () => {
  it('waits for whoever reads the ingest', async () => {
    const { client, ingest } = publishing();
    client.send(9, keyframe, { streamId: 1 });
    const accepted = await ingest;
    accepted.accept();
    client.command(1, 'deleteStream', 1);
    const read: FlvItem[] = [];
    for await (const item of accepted.items) read.push(item);
    expect(read).toHaveLength(1);
  });

  it('waits for whoever takes each item', async () => {
    const { client, ingest } = publishing();
    client.send(9, keyframe, { streamId: 1 });
    const taken: FlvItem[] = [];
    (await ingest).accept((item) => taken.push(item));
    expect(taken).toHaveLength(1);
    client.send(9, keyframe, { streamId: 1, timestamp: 40 });
    expect(taken).toHaveLength(2);
  });
});
