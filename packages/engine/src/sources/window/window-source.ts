import {
  appError,
  lostFrames,
  reason,
  type FrameAccount,
  type MediaChannelReader,
} from '@tallylight/contract';
import type { EncodedPacket } from 'node-rtmp-client';
import type { MediaSource, SourceControl } from '../media-source.js';
import { StallWatch } from '../stall-watch.js';
import { LeftOutFrames } from './left-out-frames.js';
import type { WindowEvents, WindowSourceOptions } from './window-source-options.js';
import { readWindowPackets } from './window-packets.js';
import { readMatroskaPackets } from './matroska-packets.js';

/** Seconds of the stream that an encoder may have in hand while it works as it should. */
const mostInHand = 2;

/** The renderer's media as a source. It reads the channel from its own `begin` up to its `end`, once. */
export function createWindowSource(
  channel: MediaChannelReader,
  options: WindowSourceOptions,
): MediaSource {
  const { format, hasAudio, name = 'the window', stallSeconds = 10 } = options;
  let account: FrameAccount | undefined;
  const leftOut = new LeftOutFrames();
  const events: WindowEvents = {
    onAccount: (told) => {
      account = told;
      if (format === 'matroska') account = leftOut.complete(told);
    },
  };
  return {
    name,
    hasAudio,
    capturesLive: true,
    get status() {
      if (!account) return { droppedFrames: 0 };
      const { elapsedMs, offered, surplus, lost } = account;
      return {
        droppedFrames: lostFrames(account),
        account: format === 'matroska' ? { elapsedMs, offered, surplus, lost } : account,
      };
    },
    // MediaRecorder cannot be told anything while it records.
    ...(format === 'packets' && { control: controlOver(channel) }),
    packets: (signal) => open(signal),
  };

  async function* open(signal: AbortSignal): AsyncGenerator<EncodedPacket, void, undefined> {
    options.onOpen?.();
    // Whoever leaves early must not leave somebody reading the channel.
    const left = new AbortController();
    const packets = readCapture(AbortSignal.any([signal, left.signal]));
    const stallMs = stallSeconds * 1000;
    const watch = new StallWatch({ first: stallMs, next: stallMs }, () => left.abort());
    /** What the camera had given when the last picture came out of the encoder. */
    let offeredBefore: number | undefined;
    try {
      for (;;) {
        const next = await watch.waitFor(packets.next());
        // Its own account tells that the camera gives pictures, when none of them is encoded.
        const unseen = (account?.offered ?? 0) - (offeredBefore ?? 0);
        const inHand = offeredBefore === undefined ? 0 : mostInHand * options.encoding.fps;
        if (watch.stalled && unseen > inHand) {
          const encoder = format === 'packets' ? 'WebCodecs' : 'MediaRecorder';
          const why = reason('encoder-gave-none', { seconds: stallSeconds });
          throw appError('ENCODER_FAILED', { encoder, reason: why }, { phase: 'encoder' });
        }
        if (watch.stalled) {
          const data = { device: name, seconds: stallSeconds };
          throw appError('CAPTURE_STALLED', data, { phase: 'camera' });
        }
        if (next.done) return;
        const { track, type } = next.value;
        if (track === 'video') watch.pictureCame();
        if (track === 'video' && type === 'frame') {
          offeredBefore = account?.offered ?? 0;
          if (account && format === 'matroska') account = leftOut.frame(account, next.value.pts);
        }
        yield next.value;
      }
    } finally {
      left.abort();
      await packets.return();
    }
  }

  async function* readCapture(signal: AbortSignal): AsyncGenerator<EncodedPacket, void, undefined> {
    await skipToBegin(channel, options.captureId, signal);
    if (format === 'matroska') yield* readMatroskaPackets(channel, options, events, signal);
    else yield* readWindowPackets(channel, options, events, signal);
  }
}

/** The encoder in the window, as far as it can be told something. */
const controlOver = (channel: MediaChannelReader): SourceControl => ({
  setVideoBitrate: (bitrate) => channel.sendControl({ type: 'set-video-bitrate', bitrate }),
  requestKeyframe: () => channel.sendControl({ type: 'request-keyframe' }),
});

/** Throws away what the renderer still sent for an earlier broadcast. */
async function skipToBegin(
  channel: MediaChannelReader,
  captureId: number,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const message = await channel.read(signal);
    if (!message || (message.type === 'begin' && message.captureId === captureId)) return;
  }
}
