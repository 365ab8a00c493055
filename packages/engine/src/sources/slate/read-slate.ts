import { BufferSource, EncodedPacketSink, Input, MatroskaInputFormat } from 'mediabunny';
import type { EncodedPacket, VideoPacket } from 'node-rtmp-client';
import { bufferBytes } from '../buffer-bytes.js';
import type { Slate } from './slate.js';

/** The pictures of a Matroska file that ffmpeg wrote; FLV of many an ffmpeg takes no codec but H.264. */
export async function readSlate(
  file: Uint8Array,
  codec: VideoPacket['codec'],
): Promise<Pick<Slate, 'config' | 'group'>> {
  const input = new Input({ source: new BufferSource(file), formats: [new MatroskaInputFormat()] });
  try {
    const track = await input.getPrimaryVideoTrack();
    const description = bufferBytes((await track?.getDecoderConfig())?.description);
    if (!track || !description) throw new Error('the slate cannot be read');
    const common = { track: 'video', codec, pts: 0, dts: 0 } as const;
    const group: EncodedPacket[] = [];
    for await (const { type, data } of new EncodedPacketSink(track).packets())
      group.push({ ...common, type: 'frame', keyframe: type === 'key', payload: data });
    if (group[0]?.keyframe !== true) throw new Error('the slate has no keyframe');
    return { config: { ...common, type: 'config', keyframe: true, payload: description }, group };
  } finally {
    input.dispose();
  }
}
