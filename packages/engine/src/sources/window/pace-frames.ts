import { CodedFrameGrid } from '@tallylight/frame-grid';
import type { VideoPacket } from 'node-rtmp-client';

/** Frames that are held back at the start, a third of a second, to learn where the grid lies. */
const learnFrom = 10;

/** Puts the frames of MediaRecorder on an even grid; see {@link CodedFrameGrid}. */
export async function* paceFrames(
  packets: AsyncIterable<VideoPacket>,
  fps: number,
): AsyncGenerator<VideoPacket, void, undefined> {
  let held: VideoPacket[] = [];
  let grid: CodedFrameGrid | undefined;
  let time = 0;
  const timed = (packet: VideoPacket, at: CodedFrameGrid): VideoPacket => {
    if (packet.type === 'frame') time = at.place(packet.pts);
    return { ...packet, pts: time, dts: time };
  };
  const startGrid = function* (): Generator<VideoPacket> {
    grid = new CodedFrameGrid(fps, stampsOf(held));
    for (const packet of held) yield timed(packet, grid);
    held = [];
  };
  for await (const packet of packets) {
    if (grid) {
      yield timed(packet, grid);
      continue;
    }
    held.push(packet);
    if (stampsOf(held).length === learnFrom) yield* startGrid();
  }
  if (!grid) yield* startGrid();
}

const stampsOf = (packets: readonly VideoPacket[]): number[] =>
  packets.filter(({ type }) => type === 'frame').map(({ pts }) => pts);
