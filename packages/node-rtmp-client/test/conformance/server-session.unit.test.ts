import { describe, expect, it } from 'vitest';
import type { AmfObject } from '../../src/amf/amf-value.js';
import { filled, hex } from './raw-chunks.js';
import { namesOf } from './raw-peer.js';
import { codesOf, information, ServerUnderTest } from './server-under-test.js';

describe('the handshake', () => {
  it('[HS-04, HS-05] is answered once C0 and C1 are whole', () => {
    const served = new ServerUnderTest();
    expect(served.takeBytes()).toHaveLength(0);
    served.sendBytes(Uint8Array.of(3), new Uint8Array(1535));
    expect(served.takeBytes()).toHaveLength(0);
    served.sendBytes(Uint8Array.of(0));
    expect(served.takeBytes()).toHaveLength(1 + 1536 + 1536);
  });

  it('[HS-07, HS-13, HS-14] S0 is 3, and S2 all of C1, its second time too', () => {
    const served = new ServerUnderTest();
    const c1 = filled(1536, 0x5a);
    c1.fill(0, 4, 8);
    served.sendBytes(Uint8Array.of(3), c1);
    const answer = served.takeBytes();
    expect(answer[0]).toBe(3);
    expect(Buffer.from(answer.subarray(1537)).equals(c1)).toBe(true);
  });

  it('[HS-06] nothing else is sent before C2 is whole', () => {
    const served = new ServerUnderTest();
    served.sendBytes(Uint8Array.of(3), new Uint8Array(1536));
    served.takeBytes();
    served.sendBytes(new Uint8Array(1535));
    expect(served.takeBytes()).toHaveLength(0);
    expect(served.events).toEqual([]);
    served.sendBytes(Uint8Array.of(0));
    served.call('connect', 1, { app: 'a' });
    expect(served.events.map(({ type }) => type)).toEqual(['connect']);
  });
});

describe('connect', () => {
  it('[CMD-18, CTRL-01, USER-01, USER-04, MSG-03] is answered by windows, Stream Begin of 0 and two objects', () => {
    const answers = new ServerUnderTest().connect().take();
    expect(answers.map(({ typeId }) => typeId)).toEqual([5, 6, 1, 4, 20]);
    for (const { chunkStreamId, streamId, typeId } of answers) {
      expect(streamId).toBe(0);
      expect(chunkStreamId === 2).toBe(typeId < 8);
    }
    expect(answers[3]?.payload).toEqual(hex('0000 00000000'));
    const [name, transactionId, properties, information] = answers[4]?.values ?? [];
    expect([name, transactionId]).toEqual(['_result', 1]);
    expect(properties).toMatchObject({ fmsVer: expect.any(String) as string });
    expect(information).toMatchObject({
      level: 'status',
      code: 'NetConnection.Connect.Success',
      description: expect.any(String) as string,
    });
  });

  it('[CMD-15] never agrees to AMF3, whatever the client can do', () => {
    const answers = new ServerUnderTest()
      .connect({ app: 'live', objectEncoding: 3 })
      .takeCommands();
    expect(information(answers[0])['objectEncoding']).toBe(0);
  });

  it('[CMD-17] takes more values behind its object', () => {
    const served = new ServerUnderTest().shakeHandsAsClient();
    served.call('connect', 1, { app: 'live' }, 'user', 7, null, [1], { more: true });
    expect(served.last('connect').request.app).toBe('live');
  });

  it('[CMD-19, CMD-01] is refused with an error that says why', () => {
    const served = new ServerUnderTest().shakeHandsAsClient().call('connect', 5, { app: 'live' });
    served.session.rejectConnect({ description: 'No.' });
    expect(served.takeCommands().map(({ values }) => values)).toEqual([
      [
        ...['_error', 5, null],
        { level: 'error', code: 'NetConnection.Connect.Rejected', description: 'No.' },
      ],
    ]);
  });

  it('[CMD-29] is sent elsewhere with a code of 302', () => {
    const served = new ServerUnderTest().shakeHandsAsClient().call('connect', 1, { app: 'live' });
    served.session.rejectConnect({ description: '', redirect: 'rtmp://other/live' });
    expect(information(served.takeCommands()[0])['ex']).toEqual({
      ...{ code: 302, redirect: 'rtmp://other/live' },
    });
  });

  it('is what data is parsed after, not before', () => {
    // A MiB and a byte is more than is allowed.
    const size = hex('02 000000 000004 01 00000000 7fffffff');
    const data = Buffer.concat([hex('03 000000 100001 12 00000000'), new Uint8Array(0x100001)]);
    const served = new ServerUnderTest();
    served.shakeHandsAsClient();
    served.sendBytes(size, data);
    expect(served.events).toEqual([]);
    served.call('connect', 1, { app: 'a' });
    served.sendBytes(data);
    expect(served.events.map(({ type }) => type)).toEqual(['connect', 'failed']);
  });

  it('[CMD-25] comes first', () => {
    const served = new ServerUnderTest().shakeHandsAsClient().call('createStream', 1, null);
    expect(served.events).toMatchObject([{ type: 'failed', error: { code: 'protocol' } }]);
  });

  it('[CMD-26] brings its query, and the stream its own', () => {
    const served = new ServerUnderTest().connect({
      app: '/live?a=1',
      tcUrl: 'rtmp://host/live?a=1',
    });
    expect(served.last('connect').request).toMatchObject({ app: 'live', query: 'a=1' });
    served.command(served.createStream(), 'publish', 'name?b=2', 'live');
    expect(served.last('publish').request).toMatchObject({ streamName: 'name', query: 'b=2' });
  });

  it('[ERTMP-12, ERTMP-09, ERTMP-11] tells what the server can do', () => {
    const properties = information(new ServerUnderTest().connect().takeCommands()[0], 2);
    expect(properties).toMatchObject({
      videoFourCcInfoMap: { hvc1: 7, av01: 7 },
      audioFourCcInfoMap: { Opus: 7, 'ac-3': 7 },
      capsEx: 15,
    });
  });

  it('[ERTMP-13] is read in both forms, and as array or object', () => {
    const read = (object: AmfObject) =>
      new ServerUnderTest().connect({ app: 'a', ...object }).last('connect').request.capabilities;
    expect(read({ fourCcList: ['hvc1', '*'] }).fourCcList).toEqual(['hvc1', '*']);
    expect(read({ fourCcList: { 0: 'av01' } }).fourCcList).toEqual(['av01']);
    expect(read({ videoFourCcInfoMap: { hvc1: 1 }, capsEx: 3 })).toMatchObject({
      videoFourCcInfoMap: { hvc1: 1 },
      capsEx: { reconnect: true, multitrack: true, modEx: false },
    });
  });
});

describe('calls', () => {
  it('[CMD-02, CMD-21] createStream is answered with a number, or not at all', () => {
    const served = new ServerUnderTest().connect();
    served.take();
    served.call('createStream', 0, null).call('createStream', 4, null);
    expect(served.take().map(({ values }) => values)).toEqual([['_result', 4, null, 2]]);
  });

  it('[CMD-21] createStream fails when there are too many streams', () => {
    const served = new ServerUnderTest().connect();
    for (let i = 0; i < 16; i++) served.call('createStream', 0, null);
    served.take();
    served.call('createStream', 9, null);
    expect(served.takeCommands()[0]?.values.slice(0, 3)).toEqual(['_error', 9, null]);
  });

  it('[CMD-03, CMD-02, CMD-04] an unknown one fails and ends nothing; who wants no answer gets none', () => {
    const served = new ServerUnderTest().connect();
    served.take();
    served.call('someMethod', 8, null, 'a', 1, [true]).call('someMethod', 0, null);
    const answers = served.take();
    expect(answers.map(({ values }) => values.slice(0, 3))).toEqual([['_error', 8, null]]);
    expect(information(answers[0])).toMatchObject({ level: 'error' });
    expect(served.createStream()).toBe(1);
  });

  it('[CMD-30] releaseStream, FCPublish and FCUnpublish are answered', () => {
    const served = new ServerUnderTest().connect();
    served.take();
    served.call('releaseStream', 2, null, 'name').call('FCPublish', 3, null, 'name');
    served.call('FCUnpublish', 4, null, 'name');
    expect(namesOf(served.take())).toEqual([
      ...['_result', 'onFCPublish', '_result', 'onFCUnpublish', '_result'],
    ]);
  });

  it('[USER-11, USER-02] a ping is answered at once, with its own number', () => {
    const served = new ServerUnderTest().connect();
    served.take();
    served.send(4, hex('0006 fedcba98'), { timestamp: 0x123456 });
    expect(served.take()).toMatchObject([{ typeId: 4, payload: hex('0007 fedcba98') }]);
  });

  it('[USER-09] the server pings, and knows the answer', () => {
    const served = new ServerUnderTest().connect();
    served.take();
    served.session.ping(0xfedcba98);
    expect(served.take()).toMatchObject([{ typeId: 4, payload: hex('0006 fedcba98') }]);
    served.send(4, hex('0007 fedcba98'));
    expect(served.last('pong').timestamp).toBe(0xfedcba98);
  });

  it('[USER-03] other user control does no harm', () => {
    const served = new ServerUnderTest().connect();
    served
      .send(4, hex('0003 00000001 00000bb8'))
      .send(4, hex('001f 00000001'))
      .send(4, hex('ffff'));
    expect(served.createStream()).toBe(1);
  });
});

describe('publish', () => {
  it('[CMD-48, CMD-32] is answered by Stream Begin and a status of that stream', () => {
    const served = new ServerUnderTest().connect();
    served.createStream();
    const streamId = served.createStream();
    served.command(streamId, 'publish', 'name', 'live');
    served.session.accept(served.last('publish').request);
    const [begin, status, ...more] = served.take();
    expect(begin).toMatchObject({ typeId: 4, payload: hex('0000 00000002') });
    expect(status).toMatchObject({ streamId: 2, values: ['onStatus', 0, null, {}] });
    expect(information(status)).toMatchObject({
      ...{ level: 'status', code: 'NetStream.Publish.Start' },
      description: expect.any(String) as string,
    });
    expect(more).toEqual([]);
  });

  it.each(['live', 'record', 'append'])('[CMD-47] says that it is to %s', (mode) => {
    const served = new ServerUnderTest().connect();
    served.begin('publish', 'name', mode);
    expect(served.last('publish').request.mode).toBe(mode);
  });

  it('[CMD-49] of a name that may not be is refused as BadName', () => {
    const served = new ServerUnderTest().connect({ app: '', tcUrl: 'rtmp://host/' });
    const streamId = served.createStream();
    served.command(streamId, 'publish', '', 'live');
    expect(information(served.takeCommands()[0])).toMatchObject({
      ...{ level: 'error', code: 'NetStream.Publish.BadName' },
    });
  });

  it('[CMD-44] ends with closeStream, and the stream can be used again', () => {
    const served = new ServerUnderTest().connect();
    const streamId = served.begin('publish', 'first', 'live');
    served.command(streamId, 'closeStream');
    expect(served.events.at(-1)).toEqual({ type: 'stream-closed', streamId });
    served.command(streamId, 'publish', 'second', 'live');
    expect(served.last('publish').request).toMatchObject({ streamId, streamName: 'second' });
  });

  it('[CMD-43, CMD-42] ends with deleteStream, which is not answered, and the stream is gone', () => {
    const served = new ServerUnderTest().connect();
    const streamId = served.begin('publish', 'name', 'live');
    served.call('deleteStream', 6, null, streamId);
    expect(served.events.at(-1)).toEqual({ type: 'stream-closed', streamId });
    const answers = namesOf(served.take());
    expect(answers).not.toContain('_result');
    expect(answers).not.toContain('_error');
    served.command(streamId, 'publish', 'name', 'live');
    expect(codesOf(served.take())).toEqual(['NetStream.Publish.BadName']);
  });

  it('[CMD-23] goes on beside another, each with its own media', () => {
    const served = new ServerUnderTest().connect();
    const first = served.begin('publish', 'one', 'live');
    const second = served.begin('publish', 'two', 'live');
    for (const streamId of [second, first]) served.send(8, hex('af01 21'), { streamId });
    const items = served.events.flatMap((e) => (e.type === 'item' ? [e.streamId] : []));
    expect(items).toEqual([second, first]);
  });
});

describe('a request to reconnect', () => {
  it('[ERTMP-17, ERTMP-19] is a status of the connection, with where to go if elsewhere', () => {
    const served = new ServerUnderTest().connect({ app: 'live', capsEx: 1 });
    served.take();
    expect(served.session.requestReconnect('rtmp://other/live', 'Update.')).toBe(true);
    expect(served.session.requestReconnect(undefined, 'Update.')).toBe(true);
    const code = 'NetConnection.Connect.ReconnectRequest';
    const status = { level: 'status', code, description: 'Update.' };
    expect(served.take()).toMatchObject([
      {
        ...{ typeId: 20, streamId: 0 },
        values: ['onStatus', 0, null, { ...status, tcUrl: 'rtmp://other/live' }],
      },
      { typeId: 20, streamId: 0, values: ['onStatus', 0, null, status] },
    ]);
  });

  it('[ERTMP-20] changes nothing until the client leaves', () => {
    const served = new ServerUnderTest().connect({ app: 'live', capsEx: 1 });
    const streamId = served.begin('publish', 'name', 'live');
    served.session.requestReconnect(undefined, '');
    served.send(8, hex('af01 21'), { streamId });
    expect(served.events.at(-1)).toMatchObject({ type: 'item', streamId });
  });

  it('[ERTMP-22] is not made to a client that cannot do it', () => {
    const served = new ServerUnderTest().connect({ app: 'live', capsEx: 14 });
    served.take();
    expect(served.session.requestReconnect(undefined, '')).toBe(false);
    expect(served.take()).toEqual([]);
  });
});
