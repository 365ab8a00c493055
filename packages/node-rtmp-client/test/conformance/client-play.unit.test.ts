import { describe, expect, it } from 'vitest';
import type { AmfValue } from '../../src/amf/amf-value.js';
import { serializeAmf0 } from '../../src/amf/amf0.js';
import { libraryCapabilities } from '../../src/session/capabilities.js';
import type { PlayRequest } from '../../src/session/client-stream.js';
import { ClientUnderTest, playing } from './client-under-test.js';
import { hex, joined } from './raw-chunks.js';
import { named } from './raw-peer.js';

describe('play', () => {
  it.each<[Partial<PlayRequest>, AmfValue[]]>([
    [{}, []],
    [{ start: -1 }, [-1]],
    [{ start: 12.5, duration: 30 }, [12.5, 30]],
    [{ duration: 30 }, [-2, 30]],
    [{ reset: false }, [-2, -1, false]],
  ])('[CMD-34, CMD-36, CMD-37] of %j says %j behind the name', (over, values) => {
    const client = new ClientUnderTest().connected();
    client.opened({ ...playing, ...over });
    const [play] = named(client.take(), 'play');
    expect(play?.values.slice(2)).toEqual([null, 'name', ...values]);
    expect(play?.streamId).toBe(4711);
  });

  it('[CMD-35, USER-07] waits for its stream, and tells what it buffers', () => {
    const client = new ClientUnderTest().connected();
    client.opened(playing);
    const [play, buffer] = client.take();
    expect(play?.values[0]).toBe('play');
    expect(buffer).toMatchObject({ typeId: 4, payload: hex('0003 00001267 000005dc') });
  });

  it('[CMD-23] of two streams at once keeps them apart', () => {
    const client = new ClientUnderTest().connected();
    const first = client.started(playing, 1);
    const second = client.started({ ...playing, streamKey: 'other' }, 2);
    for (const streamId of [2, 1]) client.send(8, hex('af01 21'), { streamId });
    expect(client.all('item').map(({ stream }) => stream)).toEqual([second, first]);
  });

  it('[CMD-40] of what is not there fails', () => {
    const client = new ClientUnderTest().connected();
    client.opened(playing);
    client.status(4711, 'NetStream.Play.StreamNotFound', 'error');
    expect(client.all('stream-ended')).toMatchObject([{ error: { code: 'stream-not-found' } }]);
  });

  it('[USER-05] ends with Stream EOF, and takes nothing more', () => {
    const client = new ClientUnderTest().connected();
    const stream = client.started(playing);
    client.send(4, hex('0001 00001267')).send(8, hex('af01 21'), { streamId: 4711 });
    expect(stream.state).toBe('ended');
    expect(client.all('item')).toEqual([]);
  });

  it('[USER-05] is not over when Stream EOF says that it has paused', () => {
    const client = new ClientUnderTest().connected();
    const stream = client.started(playing);
    stream.pause(true, 1500);
    client.send(4, hex('0001 00001267'));
    expect(stream.state).toBe('active');
    stream.pause(false, 1500);
    client.send(8, hex('af01 21'), { streamId: 4711 }).send(4, hex('0001 00001267'));
    expect(client.all('item').length).toBe(1);
    expect(stream.state).toBe('ended');
  });

  it('[CMD-52, CMD-50, CMD-45, CMD-46] pauses, seeks, and does without sound or pictures', () => {
    const client = new ClientUnderTest().connected();
    const stream = client.started(playing);
    stream.pause(true, 1500);
    stream.pause(false, 1500);
    stream.seek(9000);
    stream.receive('audio', false);
    stream.receive('video', true);
    expect(client.takeCommands().map(({ streamId, values }) => [streamId, ...values])).toEqual([
      [4711, 'pause', 0, null, true, 1500],
      [4711, 'pause', 0, null, false, 1500],
      [4711, 'seek', 0, null, 9000],
      [4711, 'receiveAudio', 0, null, false],
      [4711, 'receiveVideo', 0, null, true],
    ]);
  });

  it('[CMD-53, CMD-51] learns what became of it', () => {
    const client = new ClientUnderTest().connected();
    client.started(playing);
    client.status(4711, 'NetStream.Pause.Notify').status(4711, 'NetStream.Unpause.Notify');
    client.status(4711, 'NetStream.Seek.Notify').status(4711, 'NetStream.Seek.Failed', 'error');
    expect(client.all('stream-changed').map(({ change }) => change)).toMatchObject([
      ...['paused', 'resumed', 'sought'],
      { code: 'call-failed' },
    ]);
  });

  it('[MSG-14, MSG-15, TIME-05] takes aggregates, and times that fall', () => {
    const client = new ClientUnderTest().connected();
    client.started(playing);
    const tags = hex(
      '08 000003 000014 00 000000 af0121 0000000e  08 000003 000028 00 000000 af0122',
    );
    client.send(22, tags, { streamId: 4711, timestamp: 5000 });
    client.send(8, hex('af0123'), { streamId: 4711, timestamp: 100 });
    const times = client.all('item').map(({ item }) => item.type === 'packet' && item.packet.dts);
    expect(times).toEqual([5_000_000, 5_020_000, 100_000]);
  });

  it('[TIME-01, TIME-06] keeps the times of sound and pictures as they come, wherever they begin', () => {
    const client = new ClientUnderTest().connected();
    client.started(playing);
    client.send(8, hex('af0123'), { streamId: 4711, timestamp: 900_040 });
    client.send(9, hex('1701000000 23'), { streamId: 4711, timestamp: 900_000 });
    client.send(8, hex('af0123'), { streamId: 4711, timestamp: 900_060 });
    const times = client.all('item').map(({ item }) => item.type === 'packet' && item.packet.dts);
    expect(times).toEqual([900_040_000, 900_000_000, 900_060_000]);
  });

  it('[ERTMP-15, ERTMP-03] of several tracks takes them all', () => {
    const client = new ClientUnderTest({
      plays: true,
      capabilities: libraryCapabilities,
    }).connected();
    client.started(playing);
    client.send(8, hex('95 11 4f707573 00 000001 aa 01 000001 bb'), { streamId: 4711 });
    const tracks = client
      .all('item')
      .map(({ item }) => item.type === 'packet' && (item.packet.trackId ?? 0));
    expect(tracks).toEqual([0, 1]);
  });

  it('[MSG-20] takes silence for what it is', () => {
    const client = new ClientUnderTest().connected();
    const stream = client.started(playing);
    client.send(8, new Uint8Array(0), { streamId: 4711 });
    expect(stream.state).toBe('active');
  });

  it('[MSG-06, MSG-08, AMF0-18] understands commands and data with a format selector', () => {
    const client = new ClientUnderTest().connected();
    const stream = client.opened(playing);
    const code = serializeAmf0(['NetStream.Play.Start']);
    const status = joined(hex('00'), serializeAmf0(['onStatus', 0, null]), hex('03'));
    client.send(17, joined(status, hex('0004 636f6465'), code, hex('000009')), { streamId: 4711 });
    expect(stream.state).toBe('active');
    const width = hex('11 0a 0b 01 0b 7769647468 04 8a00 01');
    client.send(15, joined(hex('00'), serializeAmf0(['onMetaData']), width), { streamId: 4711 });
    expect(client.all('item').at(-1)?.item).toEqual({ type: 'metadata', value: { width: 1280 } });
  });
});
