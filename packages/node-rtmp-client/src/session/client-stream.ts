import type { AmfObject } from '../amf/amf-value.js';
import { MalformedError } from '../bytes/malformed-error.js';
import type { AudioPacket, EncodedPacket, VideoPacket } from '../flv/encoded-packet.js';
import type { FlvItem } from '../flv/flv-item.js';
import type { FlvBodyOptions } from '../flv/flv-time.js';
import { shiftItem } from '../flv/item-time.js';
import type { CommandMessage } from '../message/command.js';
import type { DataMessage } from '../message/data.js';
import type { MediaMessage } from '../message/media.js';
import { userControl } from '../message/user-control.js';
import type { ClientCalls } from './client-calls.js';
import type { ClientStreamEvent } from './client-stream-event.js';
import type { ProtocolChannel } from './protocol-channel.js';
import type { RtmpError } from './rtmp-error.js';
import { isRefusal, parseServerStatus, statusError, type ServerStatus } from './server-status.js';
import {
  itemMessage,
  metadataMessage,
  packetMessage,
  StreamItemReader,
  tracksMessage,
} from './stream-items.js';

export interface PublishRequest {
  readonly role: 'publish';
  /** The stream's name, with its query. Secret. */
  readonly streamKey: string;
  /** What the server does besides: nothing, a new recording, or more of the old one (RTMP 1.0 §7.2.2.6). */
  readonly mode: 'live' | 'record' | 'append';
  /** How packets are written; see `FlvBodyOptions`. */
  readonly body: FlvBodyOptions;
  /** Microseconds added to every time, where a stream goes on from another connection; else found by itself. */
  readonly shift?: number | undefined;
}

/** RTMP 1.0 §7.2.2.1 */
export interface PlayRequest {
  readonly role: 'play';
  readonly streamKey: string;
  /** Seconds into a recording; -1 live only, -2 live if there is such a stream, else the recording. */
  readonly start: number | undefined;
  /** Seconds to play; -1 all. */
  readonly duration: number | undefined;
  /** Whether what was played before on this stream ends. */
  readonly reset: boolean | undefined;
  /** How much the player says it keeps. */
  readonly bufferMs: number;
}

/** What a stream has from its session. */
export interface StreamHost {
  readonly channel: ProtocolChannel;
  readonly calls: ClientCalls;
  readonly secrets: readonly string[];
  readonly emit: (event: ClientStreamEvent<ClientStream>) => void;
  /** The stream now has an id. */
  readonly adopt: (stream: ClientStream) => void;
}

/**
 * One message stream of a client, RTMP 1.0 §7.2.2: what is published or played over a connection that may have more.
 */
export class ClientStream {
  /** Private, so that no log of a stream shows its key. */
  readonly #request: PublishRequest | PlayRequest;
  readonly #host: StreamHost;
  readonly #items = new StreamItemReader();
  #id = 0;
  #state: 'opening' | 'asked' | 'active' | 'ended' = 'opening';
  #question = 0;
  #paused = false;
  #recorded = false;
  #shift: number | undefined;

  constructor(request: PublishRequest | PlayRequest, host: StreamHost) {
    this.#request = request;
    this.#host = host;
    if (request.role === 'publish') this.#shift = request.shift;
  }

  get role(): 'publish' | 'play' {
    return this.#request.role;
  }

  /** 0 until the server has given one. */
  get id(): number {
    return this.#id;
  }

  get state(): 'opening' | 'asked' | 'active' | 'ended' {
    return this.#state;
  }

  /** Microseconds added to every packet, so that a stream that begins before 0 does not wrap around. */
  get shift(): number | undefined {
    return this.#shift;
  }

  /** Whether the server has said, or shown by going to another place, that what it plays is not live. */
  get isRecorded(): boolean {
    return this.#recorded;
  }

  /** To be called once, when the connection stands. */
  open(): void {
    const { calls } = this.#host;
    if (this.#request.role === 'publish') {
      // In this order: SRS expects it.
      calls.tell(0, 'releaseStream', null, this.#request.streamKey);
      calls.tell(0, 'FCPublish', null, this.#request.streamKey);
    }
    calls.ask(0, 'createStream', [null], (isResult, answer) => {
      if (isResult) this.#onCreated(answer);
      else this.#onRefused(answer);
    });
  }

  /** Only while publishing. */
  writePacket(packet: EncodedPacket): void {
    const shift = (this.#shift ??= Math.max(0, -packet.dts));
    const shifted =
      shift === 0 ? packet : { ...packet, dts: packet.dts + shift, pts: packet.pts + shift };
    this.#host.channel.send(packetMessage(shifted, this.#id, this.#body));
  }

  /** Packets of several tracks in one message. Only while publishing. @throws MalformedError */
  writeTracks(packets: readonly VideoPacket[] | readonly AudioPacket[]): void {
    const [first] = packets;
    if (first === undefined) return;
    const shift = (this.#shift ??= Math.max(0, -first.dts));
    const shifted =
      first.track === 'video'
        ? later(packets as readonly VideoPacket[], shift)
        : later(packets as readonly AudioPacket[], shift);
    this.#host.channel.send(tracksMessage(shifted, this.#id, this.#body));
  }

  /** Only while publishing. */
  writeItem(item: FlvItem): void {
    if (item.type === 'packet') {
      this.writePacket(item.packet);
    } else if (item.type === 'metadata') {
      this.writeMetadata(item.value);
    } else {
      const shift = this.#shiftFor(item);
      const message = itemMessage(shiftItem(item, shift), this.#id, true, this.#body);
      if (message !== undefined) this.#host.channel.send(message);
    }
  }

  /** Only while publishing. */
  writeMetadata(metadata: AmfObject): void {
    this.#host.channel.send(metadataMessage(metadata, this.#id, true));
  }

  /** RTMP 1.0 §7.2.2.8; answered by 'stream-changed'. @param positionMs where the player is. */
  pause(paused: boolean, positionMs: number): void {
    this.#paused = paused;
    this.#host.calls.command(this.#id, 'pause', null, paused, positionMs);
  }

  /** RTMP 1.0 §7.2.2.7; answered by 'stream-changed'. */
  seek(positionMs: number): void {
    this.#host.calls.command(this.#id, 'seek', null, positionMs);
  }

  /** RTMP 1.0 §7.2.2.4 and §7.2.2.5. */
  receive(track: 'audio' | 'video', on: boolean): void {
    this.#host.calls.command(
      this.#id,
      track === 'audio' ? 'receiveAudio' : 'receiveVideo',
      null,
      on,
    );
  }

  /** Leaves the stream in order. Without effect when it is over. */
  leave(): void {
    if (this.#state === 'ended') return;
    const { calls } = this.#host;
    calls.forget(this.#question);
    this.#state = 'ended';
    if (this.#id === 0) return;
    if (this.#request.role === 'publish') {
      calls.tell(0, 'FCUnpublish', null, this.#request.streamKey);
    }
    calls.command(0, 'deleteStream', null, this.#id);
  }

  onStatus(status: ServerStatus): void {
    switch (status.code) {
      case 'NetStream.Publish.Start':
      case 'NetStream.Play.Start':
        if (this.#state === 'asked') this.#start();
        return;
      case 'NetStream.Pause.Notify':
        this.#changed('paused');
        return;
      case 'NetStream.Unpause.Notify':
        this.#changed('resumed');
        return;
      case 'NetStream.Seek.Notify':
        this.#recorded = true;
        this.#changed('sought');
        return;
      case 'NetStream.Play.UnpublishNotify':
      case 'NetStream.Play.Stop':
      case 'NetStream.Play.Complete':
        if (this.#state === 'active' && this.#request.role === 'play') this.#end(undefined);
        return;
      default:
        if (/^NetStream\.(Seek|Pause|Unpause)\./.test(status.code)) {
          this.#changed(statusError(status, 'streaming', 'call-failed'));
        } else if (isRefusal(status)) {
          this.#end(statusError(status, this.#phase));
        }
    }
  }

  /** What a player asked for in a command without transaction id, pause or seek, is not to be had. */
  onError({ values }: CommandMessage): void {
    const status = parseServerStatus(values, this.#host.secrets);
    this.#changed(statusError(status, 'streaming', 'call-failed'));
  }

  /** The server has nothing more to play: also what it says when it pauses. */
  onEndOfFile(): void {
    if (this.#request.role === 'play' && this.#state === 'active' && !this.#paused) {
      this.#end(undefined);
    }
  }

  /** RTMP 1.0 §7.1.7, StreamIsRecorded. */
  onRecorded(): void {
    this.#recorded = true;
  }

  /** @throws MalformedError */
  onMedia(message: MediaMessage | DataMessage): void {
    if (this.#request.role !== 'play' || this.#state === 'ended') return;
    for (const item of this.#items.read(message)) {
      this.#host.emit({ type: 'item', stream: this, item });
    }
  }

  /** Media of any codec says where the stream begins; what else there is follows. */
  #shiftFor(item: FlvItem): number {
    if (item.type === 'opaque') this.#shift ??= Math.max(0, -item.packet.dts);
    return this.#shift ?? 0;
  }

  #onCreated({ values }: CommandMessage): void {
    const { calls, channel, adopt } = this.#host;
    const streamId = values.find((value) => typeof value === 'number');
    // Servers number as they like, but 0 is the connection itself.
    if (streamId === undefined || !(streamId >= 1 && streamId <= 0xffffffff)) {
      throw new MalformedError('createStream was answered without a stream id');
    }
    if (this.#state === 'ended') {
      calls.command(0, 'deleteStream', null, streamId);
      return;
    }
    this.#id = streamId;
    this.#state = 'asked';
    adopt(this);
    const { role, streamKey } = this.#request;
    const more = role === 'publish' ? [this.#request.mode] : playValues(this.#request);
    this.#question = calls.ask(streamId, role, [null, streamKey, ...more], (isResult, answer) => {
      if (!isResult) this.#onRefused(answer);
    });
    if (this.#request.role === 'play') {
      const { bufferMs: milliseconds } = this.#request;
      channel.send(userControl({ name: 'set-buffer-length', streamId, milliseconds }));
    }
  }

  #onRefused({ values }: CommandMessage): void {
    if (this.#state === 'ended') return;
    const status = parseServerStatus(values, this.#host.secrets);
    this.#host.emit({ type: 'status', status });
    this.#end(statusError(status, this.#phase));
  }

  #start(): void {
    this.#host.calls.forget(this.#question);
    this.#state = 'active';
    this.#host.emit({ type: 'stream-started', stream: this });
  }

  #changed(
    change: Extract<ClientStreamEvent<ClientStream>, { type: 'stream-changed' }>['change'],
  ): void {
    this.#host.emit({ type: 'stream-changed', stream: this, change });
  }

  #end(error: RtmpError | undefined): void {
    if (this.#state === 'ended') return;
    const { calls } = this.#host;
    calls.forget(this.#question);
    this.#state = 'ended';
    // The connection may go on, and servers count streams.
    if (this.#id !== 0) calls.command(0, 'deleteStream', null, this.#id);
    this.#host.emit({ type: 'stream-ended', stream: this, error });
  }

  get #phase(): 'publish' | 'play' | 'streaming' {
    return this.#state === 'active' ? 'streaming' : this.#request.role;
  }

  get #body(): FlvBodyOptions | undefined {
    return this.#request.role === 'publish' ? this.#request.body : undefined;
  }
}

/** Only as many as are needed: some servers take what follows the name for something else. */
function playValues({ start, duration, reset }: PlayRequest): (number | boolean)[] {
  if (reset !== undefined) return [start ?? -2, duration ?? -1, reset];
  if (duration !== undefined) return [start ?? -2, duration];
  return start === undefined ? [] : [start];
}

const later = <P extends EncodedPacket>(packets: readonly P[], shift: number): P[] =>
  packets.map((packet) => ({ ...packet, dts: packet.dts + shift, pts: packet.pts + shift }));
