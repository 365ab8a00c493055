import type { InboundChannelMessage } from '@tallylight/contract';
import { FlvMuxer } from 'node-rtmp-client';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export type FrameMessage = Extract<InboundChannelMessage, { type: 'frame' }>;

export const frames = (
  messages: readonly InboundChannelMessage[],
  track: 'video' | 'audio',
): FrameMessage[] =>
  messages.filter((message) => message.type === 'frame').filter((frame) => frame.track === track);

/** Writes what a channel brought as a file that ffmpeg reads: FLV for packets, else the Matroska that came. */
export async function writeRecording(
  folder: string,
  name: string,
  messages: readonly InboundChannelMessage[],
): Promise<string> {
  const pieces = messages.flatMap((message) =>
    message.type === 'container' ? [message.payload] : [],
  );
  const matroska = pieces.length > 0;
  const file = join(folder, `${name}.${matroska ? 'mkv' : 'flv'}`);
  await writeFile(file, Buffer.concat(matroska ? pieces : flv(messages)));
  return file;
}

function flv(messages: readonly InboundChannelMessage[]): Uint8Array[] {
  const muxer = new FlvMuxer();
  const bytes = muxer.header();
  for (const message of messages) {
    if (message.type !== 'frame' && message.type !== 'config') continue;
    const { type, payload } = message;
    const { pts, dts } = message.type === 'frame' ? message : { pts: 0, dts: 0 };
    const keyframe = message.type === 'config' || message.keyframe;
    bytes.push(
      ...muxer.packet(
        message.track === 'video'
          ? { type, track: 'video', codec: 'h264', keyframe, pts, dts, payload }
          : { type, track: 'audio', codec: 'aac', keyframe, pts, dts, payload },
      ),
    );
  }
  return bytes;
}
