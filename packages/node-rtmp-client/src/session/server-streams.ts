import type { AmfValue } from '../amf/amf-value.js';
import { amfWeight } from '../amf/amf-weight.js';
import type { FlvItem } from '../flv/flv-item.js';
import type { FlvBodyOptions } from '../flv/flv-time.js';
import type { CommandMessage } from '../message/command.js';
import type { Message } from '../message/message.js';
import { userControl } from '../message/user-control.js';
import { listsCodec, noCapabilities, type Capabilities } from './capabilities.js';
import { PlaybackFilter } from './playback-filter.js';
import type { ProtocolChannel } from './protocol-channel.js';
import type { ServerReplies } from './server-replies.js';
import {
  parsePlayRequest,
  parsePublishRequest,
  play2ToPlay,
  type ConnectRequest,
  type PlayRequest,
  type PublishRequest,
  type StreamRequest,
} from './server-requests.js';
import type { SeekEvent, ServerSessionEvent } from './server-session-event.js';
import type { SharedChunks } from './shared-chunks.js';
import { itemMessage, StreamItemReader } from './stream-items.js';

export interface PlaybackOptions {
  /** The owner stops writing while the client has paused; else what is written meanwhile is left out. */
  readonly pausedByOwner?: boolean;
}

interface ServerStream {
  state: 'idle' | 'asked-publish' | 'asked-play' | 'publishing' | 'playing';
  /** The last publish or play on this stream; answers to an earlier one come too late. */
  request: PublishRequest | PlayRequest | undefined;
  readonly items: StreamItemReader;
  filter: PlaybackFilter;
  pausedByOwner: boolean;
}

const maxStreams = 16;
const withNanoseconds: FlvBodyOptions = { nanoseconds: true };

/** The message streams of a connection, as the server has them: RTMP 1.0 §7.2.1.3 and §7.2.2. */
export class ServerStreams {
  readonly #channel: ProtocolChannel;
  readonly #replies: ServerReplies;
  readonly #emit: (event: ServerSessionEvent) => void;
  readonly #streams = new Map<number, ServerStream>();
  #lastStreamId = 0;
  #peer = noCapabilities;

  constructor(
    channel: ProtocolChannel,
    replies: ServerReplies,
    emit: (event: ServerSessionEvent) => void,
  ) {
    this.#channel = channel;
    this.#replies = replies;
    this.#emit = emit;
  }

  /** Players get what they have declared: nanoseconds, and tracks beside the default ones. */
  set peer(capabilities: Capabilities) {
    this.#peer = capabilities;
  }

  accept(request: StreamRequest, options: PlaybackOptions): void {
    const { streamId } = request;
    const stream = this.#streamOf(request);
    if (stream?.state === 'asked-publish') {
      stream.state = 'publishing';
      this.#channel.send(userControl({ name: 'stream-begin', streamId }));
      this.#replies.status(streamId, 'status', 'NetStream.Publish.Start', 'Publishing.');
    } else if (stream?.state === 'asked-play') {
      stream.state = 'playing';
      stream.filter = new PlaybackFilter();
      stream.pausedByOwner = options.pausedByOwner ?? false;
      this.#channel.send(userControl({ name: 'stream-begin', streamId }));
      if (stream.request !== undefined && 'reset' in stream.request && stream.request.reset) {
        this.#replies.status(streamId, 'status', 'NetStream.Play.Reset', 'Resetting.');
      }
      this.#replies.status(streamId, 'status', 'NetStream.Play.Start', 'Playing.');
      // Lets players read the sound and picture; some wait for it.
      const values = ['|RtmpSampleAccess', true, true];
      this.#channel.send({ type: 'data', streamId, timestamp: 0, values });
    }
  }

  reject(request: StreamRequest, code: string, description: string): void {
    const stream = this.#streamOf(request);
    if (stream?.state !== 'asked-publish' && stream?.state !== 'asked-play') return;
    stream.state = 'idle';
    this.#replies.status(request.streamId, 'error', code, description);
  }

  writeItem(request: StreamRequest, item: FlvItem): void {
    const stream = this.#streamOf(request);
    if (stream?.state !== 'playing' || !stream.filter.lets(item)) return;
    if (!this.#peer.capsEx.multitrack && trackIdOf(item) > 0) return;
    // What cannot be written is no reason to end the playback.
    if ('value' in item && amfWeight(item.value) === Infinity) return;
    const message = itemMessage(item, request.streamId, false, this.#bodyOptions(item));
    if (message !== undefined) this.#channel.send(message);
  }

  /** As `writeItem` for each, but what the players of a stream get alike is put into chunks once. */
  writeItems(request: StreamRequest, items: readonly FlvItem[], shared: SharedChunks): void {
    const stream = this.#streamOf(request);
    const isShared =
      stream?.state === 'playing' &&
      stream.filter.letsAll &&
      !this.#channel.isTraced &&
      items.every((item) => this.#isUsual(item));
    const batch = isShared ? shared.of(items, request.streamId) : undefined;
    if (batch) this.#channel.sendChunks(batch.bytes, batch.writer);
    else for (const item of items) this.writeItem(request, item);
  }

  /** Whether it is written for this player as for everybody. */
  #isUsual(item: FlvItem): boolean {
    return 'packet' in item && trackIdOf(item) === 0 && this.#bodyOptions(item) === undefined;
  }

  /** Nanoseconds need the enhanced form, which not everybody takes of codecs that have another. */
  #bodyOptions(item: FlvItem): FlvBodyOptions | undefined {
    const { modEx, timestampNanoOffset } = this.#peer.capsEx;
    if (!modEx || !timestampNanoOffset || item.type !== 'packet') return undefined;
    return listsCodec(this.#peer, item.packet.codec) ? withNanoseconds : undefined;
  }

  /** Tells a publishing client that its stream is over. */
  endIngest(request: StreamRequest, code: string, description: string): void {
    const stream = this.#streamOf(request);
    if (stream?.state !== 'publishing') return;
    stream.state = 'idle';
    this.#replies.status(request.streamId, 'error', code, description);
  }

  endPlayback(request: StreamRequest): void {
    const { streamId } = request;
    const stream = this.#streamOf(request);
    if (stream?.state !== 'playing') return;
    stream.state = 'idle';
    this.#channel.send(userControl({ name: 'stream-eof', streamId }));
    this.#replies.status(streamId, 'status', 'NetStream.Play.UnpublishNotify', 'Unpublished.');
  }

  answerSeek({ streamId, transactionId }: SeekEvent, possible: boolean): void {
    if (this.#streams.get(streamId)?.state !== 'playing') return;
    if (possible) this.#tellSeek(streamId);
    else {
      const description = 'There is no other time in this stream.';
      this.#replies.fault(streamId, transactionId, 'NetStream.Seek.Failed', description);
    }
  }

  onItems(message: Extract<Message, { type: 'data' | 'audio' | 'video' }>): void {
    const streamId = message.streamId === 0 ? this.#onlyPublished() : message.streamId;
    const stream = this.#streams.get(streamId);
    // nginx-rtmp's relay does not wait for the answer, and says its decoder configurations only once.
    if (stream?.state !== 'publishing' && stream?.state !== 'asked-publish') return;
    for (const item of stream.items.read(message)) this.#emit({ type: 'item', streamId, item });
  }

  /**
   * Node-Media-Server pushes media on message stream 0; it means the stream that it publishes. 0 when there are
   * several.
   */
  #onlyPublished(): number {
    const published = [...this.#streams].filter(([, { state }]) => state === 'publishing');
    return published.length === 1 ? (published[0]?.[0] ?? 0) : 0;
  }

  /** @returns false when the command is not about streams. */
  onCommand(command: CommandMessage, connected: ConnectRequest): boolean {
    const { name, streamId, values } = command;
    switch (name) {
      case 'createStream':
        this.#onCreateStream(command);
        return true;
      case 'publish':
        this.#onPublish(parsePublishRequest(command, connected));
        return true;
      case 'play':
        this.#onPlay(parsePlayRequest(command, connected));
        return true;
      case 'play2':
        this.#onPlay(parsePlayRequest(play2ToPlay(command), connected));
        return true;
      case 'pause':
      case 'pauseRaw':
        this.#onPause(command);
        return true;
      case 'seek':
        this.#onSeek(command);
        return true;
      case 'receiveAudio':
      case 'receiveVideo':
        this.#onReceive(streamId, name === 'receiveAudio' ? 'audio' : 'video', values[1] === true);
        return true;
      case 'closeStream':
        this.#leave(streamId);
        return true;
      case 'deleteStream': {
        const deleted = typeof values[1] === 'number' ? values[1] : streamId;
        this.#leave(deleted);
        this.#streams.delete(deleted);
        return true;
      }
      default:
        return false;
    }
  }

  /** Undefined once the client has left it, also when it has begun another with the same id. */
  #streamOf(request: StreamRequest): ServerStream | undefined {
    const stream = this.#streams.get(request.streamId);
    return stream?.request === request ? stream : undefined;
  }

  #onCreateStream({ transactionId }: CommandMessage): void {
    if (this.#streams.size >= maxStreams) {
      this.#replies.fault(0, transactionId, 'NetConnection.Call.Failed', 'No more streams.');
      return;
    }
    const streamId = ++this.#lastStreamId;
    this.#streams.set(streamId, {
      state: 'idle',
      request: undefined,
      items: new StreamItemReader(),
      filter: new PlaybackFilter(),
      pausedByOwner: false,
    });
    this.#replies.result(transactionId, null, streamId);
  }

  #onPublish(request: PublishRequest): void {
    const { streamId } = request;
    const stream = this.#streams.get(streamId);
    if (stream?.state !== 'idle' || namesNothing(request)) {
      this.#replies.status(streamId, 'error', 'NetStream.Publish.BadName', notUsable);
      return;
    }
    stream.state = 'asked-publish';
    stream.request = request;
    this.#emit({ type: 'publish', request });
  }

  #onPlay(request: PlayRequest): void {
    const { streamId, reset } = request;
    const stream = this.#streams.get(streamId);
    const plays = stream?.state === 'playing' || stream?.state === 'asked-play';
    // Another play changes over to it; there is no list of what is to come after.
    if (plays && reset) this.#leave(streamId);
    if (stream?.state !== 'idle' || namesNothing(request)) {
      this.#replies.status(streamId, 'error', 'NetStream.Play.Failed', notUsable);
      return;
    }
    stream.state = 'asked-play';
    stream.request = request;
    this.#emit({ type: 'play', request });
  }

  #onPause({ streamId, values }: CommandMessage): void {
    const stream = this.#streams.get(streamId);
    if (stream?.state !== 'playing') return;
    const paused = values[1] === true;
    if (!stream.pausedByOwner) stream.filter.pause(paused);
    const code = paused ? 'NetStream.Pause.Notify' : 'NetStream.Unpause.Notify';
    this.#replies.status(streamId, 'status', code, paused ? 'Paused.' : 'Playing.');
    this.#emit({ type: 'pause', streamId, paused, milliseconds: millisecondsOf(values[2]) });
  }

  #onSeek({ streamId, transactionId, values }: CommandMessage): void {
    if (this.#streams.get(streamId)?.state !== 'playing') return;
    this.#emit({ type: 'seek', streamId, transactionId, milliseconds: millisecondsOf(values[1]) });
  }

  /** §7.2.2.4 and §7.2.2.5: turning it off is not answered. */
  #onReceive(streamId: number, track: 'audio' | 'video', wanted: boolean): void {
    const stream = this.#streams.get(streamId);
    if (stream?.state !== 'playing') return;
    stream.filter.receive(track, wanted);
    if (wanted) this.#tellSeek(streamId);
  }

  #tellSeek(streamId: number): void {
    this.#replies.status(streamId, 'status', 'NetStream.Seek.Notify', 'Seeking.');
    this.#replies.status(streamId, 'status', 'NetStream.Play.Start', 'Playing.');
  }

  #leave(streamId: number): void {
    const stream = this.#streams.get(streamId);
    if (stream === undefined || stream.state === 'idle') return;
    if (stream.state === 'publishing') {
      this.#replies.status(streamId, 'status', 'NetStream.Unpublish.Success', 'Unpublished.');
    }
    stream.state = 'idle';
    this.#emit({ type: 'stream-closed', streamId });
  }
}

const notUsable = 'The stream is in use or has no name.';

function trackIdOf(item: FlvItem): number {
  if ('packet' in item) return item.packet.trackId ?? 0;
  return 'trackId' in item ? item.trackId : 0;
}

const millisecondsOf = (value: AmfValue): number =>
  typeof value === 'number' && value > 0 && Number.isFinite(value) ? value : 0;

/** Either may be empty: some clients name a stream by the application alone, or without one. */
const namesNothing = ({ app, streamName }: StreamRequest): boolean =>
  app === '' && streamName === '';
