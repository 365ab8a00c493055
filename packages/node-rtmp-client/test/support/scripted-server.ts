import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { AmfObject, AmfValue } from '../../src/amf/amf-value.js';
import { until } from '../../../../test/support/until.js';
import { ByteQueue } from '../../src/bytes/byte-queue.js';
import { ServerHandshake } from '../../src/handshake/server-handshake.js';
import type { VideoPacket } from '../../src/flv/encoded-packet.js';
import type { CommandMessage } from '../../src/message/command.js';
import type { Message } from '../../src/message/message.js';
import { userControl } from '../../src/message/user-control.js';
import { ProtocolChannel } from '../../src/session/protocol-channel.js';

/** One client of a scripted server. */
export interface ScriptedPeer {
  /** Counted from 0. */
  readonly connection: number;
  readonly remoteAddress: string;
  /** Everything that has arrived, in order. */
  readonly received: readonly Message[];
  /** True once the client is gone. */
  readonly isGone: boolean;
  send(message: Message): void;
  /** _result or _error to `command`. */
  answer(command: CommandMessage, name: '_result' | '_error', ...values: AmfValue[]): void;
  status(streamId: number, information: AmfObject): void;
  end(): void;
  destroy(): void;
}

export interface ScriptedServer {
  readonly port: number;
  readonly peers: readonly ScriptedPeer[];
  readonly stop: () => Promise<void>;
}

/**
 * A server that speaks RTMP and says what the test says: `script` is called for each message of each client. What it
 * does not answer stays unanswered.
 */
export async function startScriptedServer(
  script: (peer: ScriptedPeer, message: Message) => void,
): Promise<ScriptedServer> {
  const sockets = new Set<Socket>();
  const peers: ScriptedPeer[] = [];
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
    peers.push(attend(socket, peers.length, script));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    peers,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function attend(
  socket: Socket,
  connection: number,
  script: (peer: ScriptedPeer, message: Message) => void,
): ScriptedPeer {
  const input = new ByteQueue();
  const handshake = new ServerHandshake();
  const channel = new ProtocolChannel(input);
  const received: Message[] = [];
  let shaken = false;
  const flush = (): void => {
    for (const piece of channel.drainOutput()) socket.write(piece);
  };
  const peer: ScriptedPeer = {
    connection,
    remoteAddress: socket.remoteAddress ?? '',
    received,
    get isGone() {
      return socket.destroyed;
    },
    send: (message) => {
      channel.send(message);
      flush();
    },
    answer: ({ transactionId }, name, ...values) =>
      peer.send({ type: 'command', streamId: 0, name, transactionId, values }),
    status: (streamId, information) =>
      peer.send({
        ...{ type: 'command', streamId, name: 'onStatus', transactionId: 0 },
        values: [null, information],
      }),
    end: () => socket.end(),
    destroy: () => socket.destroy(),
  };
  const shake = (): boolean => {
    for (;;) {
      const step = handshake.advance(input);
      if (step.type === 'done') return true;
      if (step.type !== 'send') return false;
      channel.sendRaw(step.output);
    }
  };
  socket.on('data', (data) => {
    let bytes = new Uint8Array(data as Buffer);
    if (!shaken) {
      input.push(bytes);
      shaken = shake();
      flush();
      if (!shaken) return;
      bytes = input.read(input.length).slice();
    }
    channel.receive(bytes, (message) => {
      received.push(message);
      script(peer, message);
    });
    flush();
  });
  return peer;
}

const success: AmfObject = {
  ...{ level: 'status', code: 'NetConnection.Connect.Success', description: 'Come in.' },
};

/** What an ordinary server answers to a publisher or a player; false when `message` needs no answer. */
export function answerAsUsual(peer: ScriptedPeer, message: Message): boolean {
  if (message.type !== 'command') return false;
  switch (message.name) {
    case 'connect':
      peer.answer(message, '_result', { fmsVer: 'FMS/3,5,7,7009', capabilities: 31 }, success);
      return true;
    case 'createStream':
      peer.answer(message, '_result', null, 1);
      return true;
    case 'publish':
      peer.status(message.streamId, { level: 'status', code: 'NetStream.Publish.Start' });
      return true;
    case 'play':
      peer.status(message.streamId, { level: 'status', code: 'NetStream.Play.Start' });
      return true;
    default:
      return false;
  }
}

/** A frame of H.264 in one NAL unit of zeros; it is `bytes` long with its length. */
export function sendPicture(
  peer: ScriptedPeer | undefined,
  { bytes, timestamp, keyframe }: { bytes: number; timestamp: number; keyframe: boolean },
): VideoPacket {
  const body = new Uint8Array(5 + bytes);
  // FLV's tag header of AVC, and a composition time of 0.
  body.set([keyframe ? 0x17 : 0x27, 1, 0, 0, 0]);
  new DataView(body.buffer).setUint32(5, bytes - 4);
  peer?.send({ type: 'video', streamId: 1, timestamp, body: [body] });
  return {
    ...{ track: 'video', codec: 'h264', type: 'frame', keyframe },
    ...{ dts: timestamp * 1000, pts: timestamp * 1000, payload: body.subarray(5) },
  };
}

/** Asks a client to go to another server. */
export const sendElsewhere = (peer: ScriptedPeer | undefined, port: number): void =>
  peer?.status(0, {
    ...{ level: 'status', code: 'NetConnection.Connect.ReconnectRequest' },
    tcUrl: `rtmp://127.0.0.1:${port}/live`,
  });

/** Resolves once the client has heard all that it was told so far. */
export async function hasHeard(peer: ScriptedPeer | undefined): Promise<void> {
  const pongs = (): number =>
    peer?.received.filter((m) => m.type === 'user-control' && m.event.name === 'ping-response')
      .length ?? 0;
  const before = pongs();
  peer?.send(userControl({ name: 'ping-request', timestamp: 77 }));
  await until('a sign of life', () => pongs() > before);
}

/** What a client has asked by this name, in order. */
export const asked = (peer: ScriptedPeer | undefined, name: string): CommandMessage[] =>
  peer?.received.flatMap((message) =>
    message.type === 'command' && message.name === name ? [message] : [],
  ) ?? [];
