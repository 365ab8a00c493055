import { describe, expect, it } from 'vitest';
import type { AmfObject } from '../../src/amf/amf-value.js';
import { hex } from './raw-chunks.js';
import { codesOf, packet, ServerUnderTest } from './server-under-test.js';

describe('play', () => {
  it.each([
    { name: 'nothing', object: {}, form: 0x17 },
    { name: 'only nanoseconds', object: { capsEx: 8, fourCcList: ['avc1'] }, form: 0x17 },
    { name: 'nanoseconds, but not this codec', object: { capsEx: 12, fourCcList: [] }, form: 0x17 },
    {
      name: 'nanoseconds and this codec',
      object: { capsEx: 12, fourCcList: ['avc1'] },
      form: 0x97,
    },
  ])('has H.264 in the form that a client takes who declared $name', ({ object, form }) => {
    const served = new ServerUnderTest().connect({
      app: 'live',
      tcUrl: 'rtmp://h/live',
      ...object,
    });
    served.begin('play');
    const frame = { ...packet('video'), pts: 0.5, dts: 0.5 };
    served.session.writeItem(served.last('play').request, { type: 'packet', packet: frame });
    expect(served.take().map(({ payload }) => payload[0])).toEqual([form]);
  });

  it('goes on without metadata that cannot be written', () => {
    const served = new ServerUnderTest().connect();
    served.begin('play');
    const { request } = served.last('play');
    let value: AmfObject = {};
    for (let i = 0; i < 40; i++) value = { value };
    served.session.writeItem(request, { type: 'metadata', value });
    const colors = { type: 'color-info', codec: 'hevc', trackId: 0, timestamp: 0 } as const;
    served.session.writeItem(request, { ...colors, value });
    served.session.writeItem(request, { type: 'metadata', value: { a: 1 } });
    expect(served.take().map(({ typeId }) => typeId)).toEqual([18]);
  });

  it('[CMD-39, CMD-38, USER-04] is answered by Stream Begin, Reset and Start, before any media', () => {
    const served = new ServerUnderTest().connect();
    const streamId = served.createStream();
    served.command(streamId, 'play', 'name', -2, -1, true);
    const { request } = served.last('play');
    served.session.writeItem(request, { type: 'packet', packet: packet('audio') });
    expect(served.take()).toEqual([]);
    served.session.accept(request);
    served.session.writeItem(request, { type: 'packet', packet: packet('audio') });
    const answers = served.take();
    expect(answers[0]).toMatchObject({ typeId: 4, payload: hex('0000 00000001') });
    expect(codesOf(answers)).toEqual(['NetStream.Play.Reset', 'NetStream.Play.Start']);
    expect(answers.at(-1)?.typeId).toBe(8);
  });

  it('[CMD-38] without reset says nothing of it', () => {
    const served = new ServerUnderTest().connect();
    const streamId = served.createStream();
    served.command(streamId, 'play', 'name', -2, -1, false);
    served.session.accept(served.last('play').request);
    expect(codesOf(served.take())).toEqual(['NetStream.Play.Start']);
  });

  it('[CMD-36, CMD-37] hands start and duration on, -2 and -1 when nothing was said', () => {
    const served = new ServerUnderTest().connect();
    served.begin('play', 'name');
    expect(served.last('play').request).toMatchObject({ start: -2, duration: -1 });
    served.begin('play', 'name', 12.5, 30);
    expect(served.last('play').request).toMatchObject({ start: 12.5, duration: 30 });
  });

  it('[CMD-41] of another name by play2 changes over to it', () => {
    const served = new ServerUnderTest().connect();
    const streamId = served.begin('play', 'low');
    served.command(streamId, 'play2', { oldStreamName: 'low', streamName: 'high' });
    expect(served.events.slice(-2)).toMatchObject([
      { type: 'stream-closed', streamId },
      { type: 'play', request: { streamId, streamName: 'high' } },
    ]);
  });

  it('[CMD-40] of what is not there is refused as StreamNotFound', () => {
    const served = new ServerUnderTest().connect();
    served.command(served.createStream(), 'play', 'name');
    const { request } = served.last('play');
    served.session.reject(request, 'NetStream.Play.StreamNotFound', 'No such stream.');
    expect(codesOf(served.take())).toEqual(['NetStream.Play.StreamNotFound']);
  });

  it('[CMD-45, CMD-46] leaves out sound or pictures, without an answer, until they are wanted again', () => {
    const served = new ServerUnderTest().connect();
    const streamId = served.begin('play');
    for (const [name, track, typeId] of [
      ['receiveAudio', 'audio', 8],
      ['receiveVideo', 'video', 9],
    ] as const) {
      served.command(streamId, name, false);
      expect(served.take()).toEqual([]);
      expect(served.write(packet(track))).toEqual([]);
      expect(served.write(packet(track === 'audio' ? 'video' : 'audio'))).toEqual([17 - typeId]);
      served.command(streamId, name, true);
      expect(codesOf(served.take())).toEqual(['NetStream.Seek.Notify', 'NetStream.Play.Start']);
      expect(served.write(packet(track))).toEqual([typeId]);
    }
  });

  it('[CMD-53] pauses and goes on, with a notice of each', () => {
    const served = new ServerUnderTest().connect();
    const streamId = served.begin('play');
    served.command(streamId, 'pause', true, 1500);
    expect(codesOf(served.take())).toEqual(['NetStream.Pause.Notify']);
    expect(served.last('pause')).toMatchObject({ paused: true, milliseconds: 1500 });
    expect(served.write(packet('video'))).toEqual([]);
    served.command(streamId, 'pause', false, 1500);
    expect(codesOf(served.take())).toEqual(['NetStream.Unpause.Notify']);
    expect(served.write(packet('video', false))).toEqual([]);
    expect(served.write(packet('video'))).toEqual([9]);
  });

  it('[CMD-51] seeks where it can, and says so where it cannot', () => {
    const served = new ServerUnderTest().connect();
    const streamId = served.begin('play');
    served.command(streamId, 'seek', 9000);
    expect(served.last('seek').milliseconds).toBe(9000);
    served.session.answerSeek(served.last('seek'), true);
    expect(codesOf(served.take())[0]).toBe('NetStream.Seek.Notify');
    served.session.answerSeek({ ...served.last('seek'), transactionId: 12 }, false);
    expect(served.takeCommands()[0]?.values.slice(0, 2)).toEqual(['_error', 12]);
  });

  it('[USER-05] ends with Stream EOF', () => {
    const served = new ServerUnderTest().connect();
    served.begin('play');
    served.session.endPlayback(served.last('play').request);
    expect(served.take()[0]).toMatchObject({ typeId: 4, payload: hex('0001 00000001') });
    expect(served.write(packet('audio'))).toEqual([]);
  });

  it('[MSG-19, MSG-07, MSG-10] brings metadata as onMetaData in AMF0', () => {
    const served = new ServerUnderTest().connect({ app: 'live', objectEncoding: 3 });
    served.begin('play');
    const item = { type: 'metadata', value: { width: 1280 } } as const;
    served.session.writeItem(served.last('play').request, item);
    expect(served.take()).toMatchObject([
      { typeId: 18, streamId: 1, values: ['onMetaData', { width: 1280 }] },
    ]);
  });

  it('[ERTMP-54] leaves further tracks to those who can do with them', () => {
    const track = { ...packet('audio'), trackId: 1 };
    const plain = new ServerUnderTest().connect();
    plain.begin('play');
    expect(plain.write(track)).toEqual([]);
    const able = new ServerUnderTest().connect({ app: 'live', capsEx: 2 });
    able.begin('play');
    expect(able.write(track)).toEqual([8]);
  });
});
