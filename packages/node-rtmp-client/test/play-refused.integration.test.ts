import { afterEach, describe, expect, it } from 'vitest';
import { parseRtmpUrl, play, type RtmpError } from '../src/index.js';
import type { CommandMessage } from '../src/message/command.js';
import {
  answerAsUsual,
  startScriptedServer,
  type ScriptedPeer,
} from './support/scripted-server.js';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

type Answer = (peer: ScriptedPeer, command: CommandMessage) => void;

/** How it ended to ask a server to play that answers as usual up to there. */
async function refusal(answer: Answer): Promise<RtmpError | undefined> {
  const server = await startScriptedServer((peer, message) => {
    if (message.type === 'command' && message.name === 'play') answer(peer, message);
    else answerAsUsual(peer, message);
  });
  stops.push(() => server.stop());
  const address = parseRtmpUrl(`rtmp://127.0.0.1:${server.port}/live`);
  try {
    const player = await play({ address, streamKey: 'cam', reconnect: 'ignore' });
    return await player.closed;
  } catch (error) {
    return error as RtmpError;
  }
}

const status =
  (code: string, description = 'no'): Answer =>
  (peer, { streamId }) =>
    peer.status(streamId, { level: 'error', code, description });
const agree: Answer = (peer, { streamId }) =>
  peer.status(streamId, { level: 'status', code: 'NetStream.Play.Start', description: '' });

describe('a server that refuses to play', () => {
  it.each<{ name: string; answer: Answer }>([
    { name: 'hangs up, as nginx-rtmp does where on_play says 403', answer: (peer) => peer.end() },
    { name: 'breaks off', answer: (peer) => peer.destroy() },
    { name: 'says that it failed', answer: status('NetStream.Play.Failed', '403') },
    {
      name: 'answers play with an error',
      answer: (peer, message) =>
        peer.answer(message, '_error', null, { level: 'error', code: 'NetStream.Failed' }),
    },
    {
      name: 'agrees first and then hangs up, as MediaMTX does',
      answer: (peer, message) => {
        agree(peer, message);
        peer.end();
      },
    },
    {
      name: 'agrees first and then says that it failed',
      answer: (peer, message) => {
        agree(peer, message);
        status('NetStream.Play.Failed', '403')(peer, message);
      },
    },
  ])('$name', async ({ answer }) => {
    expect(await refusal(answer)).toMatchObject({ code: 'play-rejected' });
  });

  it('because there is no such stream says so', async () => {
    expect(await refusal(status('NetStream.Play.StreamNotFound'))).toMatchObject({
      ...{ code: 'stream-not-found', phase: 'play' },
      data: { serverCode: 'NetStream.Play.StreamNotFound' },
    });
  });

  it('is another than one that is lost after it has played', async () => {
    const lost = await refusal((peer, message) => {
      agree(peer, message);
      const { streamId } = message;
      const body = [Uint8Array.of(0xaf, 1, 0x21)];
      peer.send({ type: 'audio', streamId, timestamp: 0, body });
      peer.end();
    });
    expect(lost).toMatchObject({ code: 'closed', phase: 'streaming' });
  });
});
