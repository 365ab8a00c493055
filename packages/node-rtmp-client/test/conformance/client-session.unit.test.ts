import { describe, expect, it } from 'vitest';
import type { AmfObject } from '../../src/amf/amf-value.js';
import { libraryCapabilities } from '../../src/session/capabilities.js';
import { ClientUnderTest, playing, publishing } from './client-under-test.js';
import { filled, hex } from './raw-chunks.js';
import { named, namesOf } from './raw-peer.js';

const connectObject = (client: ClientUnderTest): AmfObject => {
  const connect = named(client.shakeHandsAsServer().take(), 'connect');
  expect(connect).toHaveLength(1);
  return connect[0]?.values[2] as AmfObject;
};

describe('the handshake', () => {
  it('[HS-01, HS-07, HS-11] is begun by the client with version 3, a time and zeros', () => {
    const hello = new ClientUnderTest().takeBytes();
    expect(hello).toHaveLength(1 + 1536);
    expect(hello.subarray(0, 9)).toEqual(hex('03 00000000 00000000'));
  });

  it('[HS-02, HS-03] S0 and S1 alone let the client say nothing that is no handshake', () => {
    const client = new ClientUnderTest();
    client.takeBytes();
    client.sendBytes(Uint8Array.of(3), new Uint8Array(1535));
    expect(client.takeBytes()).toHaveLength(0);
    client.sendBytes(new Uint8Array(1 + 1535));
    expect(client.takeBytes()).toHaveLength(0);
    client.sendBytes(Uint8Array.of(0));
    expect(client.takeBytes().length).toBeGreaterThan(1536);
  });
});

describe('connect', () => {
  it('[CMD-05, CMD-06, CMD-16] is the first command, number 1, on message stream 0, in AMF0', () => {
    const commands = new ClientUnderTest().shakeHandsAsServer().takeCommands();
    expect(commands).toMatchObject([
      { typeId: 20, streamId: 0, values: ['connect', 1, expect.any(Object)] },
    ]);
  });

  it('[CMD-07, CMD-08, CMD-10, CMD-11] names application, address with its query, and client', () => {
    expect(connectObject(new ClientUnderTest())).toMatchObject({
      ...{ app: 'live?a=1', tcUrl: 'rtmp://host/live?a=1' },
      flashVer: expect.stringContaining('FMLE') as string,
    });
  });

  it('[CMD-11] names a publisher as servers look for them only where something may be published', () => {
    const player = connectObject(new ClientUnderTest({ plays: true, publishes: false }));
    expect(player['flashVer']).not.toContain('FMLE');
    expect(connectObject(new ClientUnderTest({ plays: true }))['flashVer']).toContain('FMLE');
  });

  it('[CMD-14, MSG-10] does not offer AMF3', () => {
    expect(connectObject(new ClientUnderTest())['objectEncoding'] ?? 0).toBe(0);
  });

  it('[CMD-12, CMD-13] says of a player what it can take', () => {
    const { audioCodecs, videoCodecs, videoFunction, fpad } = connectObject(
      new ClientUnderTest({ plays: true }),
    );
    // AAC and MP3, H.264, and seeking to a frame.
    expect(Number(audioCodecs) & 0x404).toBe(0x404);
    expect(Number(videoCodecs) & 0x80).toBe(0x80);
    expect(Number(videoFunction) & 1).toBe(1);
    expect(fpad).toBe(false);
  });

  it('[ERTMP-08, ERTMP-09, ERTMP-11, ERTMP-16] declares what Enhanced RTMP has', () => {
    const object = connectObject(new ClientUnderTest({ capabilities: libraryCapabilities }));
    expect(object['fourCcList']).toEqual(expect.arrayContaining(['hvc1', 'av01', 'Opus']));
    expect(object).toMatchObject({
      videoFourCcInfoMap: { hvc1: 7, vp09: 7 },
      audioFourCcInfoMap: { Opus: 7, fLaC: 7 },
      capsEx: 15,
    });
  });

  it('[CMD-20] is followed by our window once the server has set the bandwidth', () => {
    const client = new ClientUnderTest().shakeHandsAsServer();
    client.take();
    client.send(6, hex('00100000 02'));
    expect(client.take()).toMatchObject([
      { typeId: 5, chunkStreamId: 2, streamId: 0, payload: hex('00100000') },
    ]);
  });

  it('[CMD-19] refused ends the session with the reason', () => {
    const client = new ClientUnderTest().shakeHandsAsServer();
    const code = 'NetConnection.Connect.Rejected';
    client.call('_error', 1, null, { level: 'error', code, description: 'No.' });
    expect(client.events.at(-1)).toMatchObject({
      type: 'failed',
      error: { code: 'connect-rejected', data: { reason: 'No.' } },
    });
  });

  it('[CMD-29] refused with a code of 302 says where to go', () => {
    const client = new ClientUnderTest().shakeHandsAsServer();
    client.call('_error', 1, null, {
      ...{ level: 'error', code: 'NetConnection.Connect.Rejected' },
      ex: { code: 302, redirect: 'rtmp://other/live' },
    });
    expect(client.all('failed')).toMatchObject([
      { remedy: { type: 'redirect', url: 'rtmp://other/live' } },
    ]);
  });

  it('[ERTMP-12, ERTMP-11] learns what the server can do from either object', () => {
    const said = { capsEx: 3, videoFourCcInfoMap: { '*': 4 } };
    const expected = { capsEx: { reconnect: true, multitrack: true, modEx: false } };
    expect(new ClientUnderTest().connected(said).session.peer).toMatchObject(expected);
    expect(new ClientUnderTest().connected({}, said).session.peer).toMatchObject(expected);
  });
});

describe('calls', () => {
  it('[CMD-04, CMD-01] have any values, and get their answers whatever the order', () => {
    const client = new ClientUnderTest().connected();
    const first = client.session.call('someMethod', ['a', 1, { b: [true] }]);
    const second = client.session.call('other', []);
    expect(client.takeCommands().map(({ streamId, values }) => [streamId, ...values])).toEqual([
      [0, 'someMethod', first, null, 'a', 1, { b: [true] }],
      [0, 'other', second, null],
    ]);
    client.call('_result', second, null, 'two', 2).call('_result', first, null, 'one');
    client.call('_result', 99, null, 'nobody asked');
    expect(client.all('answered')).toEqual([
      { type: 'answered', call: second, answer: [null, 'two', 2] },
      { type: 'answered', call: first, answer: [null, 'one'] },
    ]);
  });

  it('[CMD-03] of ours that the server does not know fail, and end nothing', () => {
    const client = new ClientUnderTest().connected();
    const call = client.session.call('someMethod', []);
    client.call('_error', call, null, { level: 'error', code: 'NetConnection.Call.Failed' });
    expect(client.all('answered')).toMatchObject([{ call, answer: { code: 'call-failed' } }]);
    expect(client.session.phase).toBe('streaming');
  });

  it('[CMD-31, CMD-03] onBWDone is answered with _checkbw, whose failure does not matter', () => {
    const client = new ClientUnderTest().connected().call('onBWDone', 0, null, 8192);
    const [check] = client.take();
    expect(check?.values[0]).toBe('_checkbw');
    client.call('_error', Number(check?.values[1]), null).call('onSomethingElse', 0, null);
    expect(client.take()).toEqual([]);
    expect(client.session.phase).toBe('streaming');
  });

  it('[CMD-31] onBWDone is answered once, or a server that measures again at each answer would go on for ever', () => {
    const client = new ClientUnderTest().connected();
    client.call('onBWDone', 0, null, 8192).call('onBWDone', 0, null, 8192);
    expect(client.take().length).toBe(1);
  });

  it('[CMD-24] close ends the session', () => {
    const client = new ClientUnderTest().connected().call('close', 0, null);
    expect(client.all('failed')).toMatchObject([{ error: { code: 'closed' } }]);
  });

  it('[USER-10, USER-02] a ping is answered at once, also while publishing', () => {
    const client = new ClientUnderTest().connected();
    client.started(publishing);
    client.send(4, hex('0006 fedcba98'), { timestamp: 0x123456 });
    expect(client.take()).toMatchObject([
      { typeId: 4, chunkStreamId: 2, streamId: 0, payload: hex('0007 fedcba98') },
    ]);
  });

  it('[USER-03, USER-06, USER-08, MSG-04, MSG-11] what else there is does no harm', () => {
    const client = new ClientUnderTest().connected();
    const stream = client.started(playing);
    client.send(4, hex('0002 00001267')).send(4, hex('0004 00001267')).send(4, hex('00ff'));
    for (const typeId of [7, 10, 16, 19, 23, 255]) client.send(typeId, filled(20));
    expect(stream.state).toBe('active');
    expect(client.all('failed')).toEqual([]);
  });
});

describe('publish', () => {
  it('[CMD-30, CMD-35] comes after releaseStream, FCPublish and the answer to createStream', () => {
    const client = new ClientUnderTest().connected();
    client.session.open(publishing);
    const asked = client.takeCommands();
    expect(namesOf(asked)).toEqual(['releaseStream', 'FCPublish', 'createStream']);
    client.call('_error', Number(asked[0]?.values[1]), null);
    client.call('_error', Number(asked[1]?.values[1]), null);
    expect(client.take()).toEqual([]);
    client.call('_result', Number(asked[2]?.values[1]), null, 1);
    expect(namesOf(client.take())).toEqual(['publish']);
  });

  it.each(['live', 'record', 'append'] as const)('[CMD-47] names the stream, and "%s"', (mode) => {
    const client = new ClientUnderTest().connected();
    client.opened({ ...publishing, mode });
    const [publish] = client.take();
    expect(publish?.values).toEqual(['publish', expect.any(Number), null, 'key', mode]);
  });

  it('[CMD-22, MSG-12, MSG-13, MSG-18] sends all on the stream that the server named', () => {
    const client = new ClientUnderTest().connected();
    const stream = client.opened(publishing, 0x00fedcba);
    expect(client.take()).toMatchObject([{ streamId: 0x00fedcba }]);
    client.status(0x00fedcba, 'NetStream.Publish.Start');
    stream.writeMetadata({ width: 1280 });
    const timed = { type: 'frame', keyframe: true, pts: 0, dts: 0, payload: filled(3) } as const;
    stream.writePacket({ track: 'audio', codec: 'aac', ...timed });
    stream.writePacket({ track: 'video', codec: 'h264', ...timed });
    expect(client.take()).toMatchObject([
      {
        typeId: 18,
        values: ['@setDataFrame', 'onMetaData', { width: 1280 }],
        streamId: 0x00fedcba,
      },
      { typeId: 8, payload: hex('af01 aaaaaa'), streamId: 0x00fedcba },
      { typeId: 9, payload: hex('1701000000 aaaaaa'), streamId: 0x00fedcba },
    ]);
  });

  it('[CMD-42, CMD-30] ends with FCUnpublish and deleteStream on message stream 0', () => {
    const client = new ClientUnderTest().connected();
    client.session.leave(client.started(publishing));
    expect(client.takeCommands().map(({ streamId, values }) => [streamId, ...values])).toEqual([
      [0, 'FCUnpublish', expect.any(Number), null, 'key'],
      [0, 'deleteStream', 0, null, 4711],
    ]);
  });

  it('[CMD-49, CMD-33] of a name that is taken fails, before and after the start', () => {
    for (const begin of ['opened', 'started'] as const) {
      const client = new ClientUnderTest().connected();
      client[begin](publishing);
      client.status(4711, 'NetStream.Publish.BadName', 'error');
      expect(client.all('stream-ended')).toMatchObject([{ error: { code: 'stream-busy' } }]);
    }
  });

  it('[CMD-33, CMD-32] goes on with news, be it a warning', () => {
    const client = new ClientUnderTest().connected();
    const stream = client.started(publishing);
    client.status(4711, 'NetStream.Record.Start').status(4711, 'NetStream.Play.X', 'warning');
    expect(client.all('status').map(({ status }) => status.level)).toEqual([
      ...['status', 'status', 'warning'],
    ]);
    expect(stream.state).toBe('active');
  });

  it('[CMD-21] fails with the createStream that was refused', () => {
    const client = new ClientUnderTest().connected();
    client.session.open(publishing);
    const [create] = named(client.take(), 'createStream');
    const code = 'NetConnection.Call.Failed';
    client.call('_error', Number(create?.values[1]), null, { level: 'error', code });
    expect(client.all('stream-ended')).toHaveLength(1);
  });
});

describe('a request to reconnect', () => {
  it('[ERTMP-17, ERTMP-18] is passed on with its address, and streaming goes on', () => {
    const client = new ClientUnderTest().connected();
    const stream = client.started(publishing);
    const code = 'NetConnection.Connect.ReconnectRequest';
    for (const more of [{ tcUrl: '/other' }, {}]) client.status(0, code, 'status', more);
    expect(client.all('reconnect-request').map(({ tcUrl }) => tcUrl)).toEqual([
      '/other',
      undefined,
    ]);
    expect(stream.state).toBe('active');
  });

  it('[ERTMP-23] other news of the connection fail it only when they are errors', () => {
    const client = new ClientUnderTest().connected();
    client.status(0, 'NetConnection.Connect.NetworkChange');
    expect(client.all('failed')).toEqual([]);
    client.status(0, 'NetConnection.Connect.AppShutdown', 'error');
    expect(client.all('failed')).toHaveLength(1);
  });

  it('a status of a call that nobody waits for is not the end of the connection', () => {
    const client = new ClientUnderTest().connected();
    client.status(0, 'NetConnection.Call.Failed', 'error');
    expect(client.all('status')).toMatchObject([{ status: { level: 'error' } }]);
    expect(client.all('failed')).toEqual([]);
  });
});
