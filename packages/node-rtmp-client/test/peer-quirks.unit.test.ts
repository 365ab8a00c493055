import { describe, expect, it } from 'vitest';
import { ServerUnderTest } from './conformance/server-under-test.js';

/** A keyframe's tag body as Node-Media-Server 4.4.3 relays it, cut short. */
const body = Uint8Array.of(0x17, 0x01, 0x00, 0x00, 0x43, 0x00, 0x00, 0x00, 0x02, 0x65, 0x88);

const received = (served: ServerUnderTest): number[] =>
  served.events.flatMap((event) => (event.type === 'item' ? [event.streamId] : []));

describe('media on message stream 0, as Node-Media-Server pushes it', () => {
  it('is that of the one stream which is published', () => {
    const served = new ServerUnderTest().connect();
    const streamId = served.begin('publish', 'name', 'live');
    served.send(9, body, { streamId: 0 });
    expect(received(served)).toEqual([streamId]);
  });

  it('belongs to nobody when several are published, or none', () => {
    const served = new ServerUnderTest().connect();
    served.send(9, body, { streamId: 0 });
    served.begin('publish', 'name', 'live');
    served.begin('publish', 'other', 'live');
    served.send(9, body, { streamId: 0 });
    expect(received(served)).toEqual([]);
  });
});
