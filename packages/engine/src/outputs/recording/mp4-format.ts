import { appError, reason } from '@tallylight/contract';
import type { EncodedPacket, FlvPatch } from 'node-rtmp-client';
import { firstTrackId, serializeFragment, type CmafSample } from '../../cmaf/cmaf-fragment.js';
import { movieHeadOf, movieTimescaleOf, type CmafTrack } from '../../cmaf/init-segment.js';
import { Segmenter, type SegmenterEvent } from '../../cmaf/segmenter.js';
import type { StreamDescription } from '../stream-description.js';
import type { RecordingFormat, RecordingPiece } from './recording-format.js';

/** What is lost when the program is killed, at most. Seconds. */
const fragmentSeconds = 0.5;
/** Of what is kept until a fragment is complete. Bytes. */
const maxFragmentBytes = 64 * 1024 * 1024;

/** Their configurations do not say what a track of a file must say. */
const unsupported: ReadonlySet<string> = new Set(['vp8', 'vp9', 'ac3', 'eac3']);

/**
 * Fragmented MP4 (ISO/IEC 14496-12 §8.8): it can be played up to wherever its writing stopped. Pictures keep their times
 * in microseconds. A stream that becomes another one, such as of another size, goes on in the next file.
 */
export class Mp4Format implements RecordingFormat {
  readonly #segmenter = new Segmenter({
    segmentSeconds: 10,
    partSeconds: fragmentSeconds,
    maxSegmentBytes: maxFragmentBytes,
  });
  #tracks: readonly CmafTrack[] = [];
  /** The time at which the file begins. */
  #start = 0;
  #sequence = 0;

  start(description: StreamDescription): readonly RecordingPiece[] {
    this.change(description);
    return [];
  }

  change({ video, audio }: StreamDescription): void {
    for (const track of [video, audio]) {
      if (!track || !unsupported.has(track.codec)) continue;
      const codec = track.codec.toUpperCase();
      throw appError('RECORDING_FAILED', { reason: reason('codec-not-in-mp4', { codec }) });
    }
  }

  push(packet: EncodedPacket): readonly RecordingPiece[] {
    return this.#write(this.#segmenter.push({ type: 'packet', packet }));
  }

  end(): readonly RecordingPiece[] {
    return this.#write(this.#segmenter.end());
  }

  patches(): readonly FlvPatch[] {
    return [];
  }

  #write(events: readonly SegmenterEvent[]): RecordingPiece[] {
    return events.flatMap((event): RecordingPiece[] => {
      switch (event.type) {
        case 'period':
          return this.#begin(event.tracks, event.decodeStart);
        case 'part':
          return [this.#fragment(event.kind, event.samples)];
        case 'segment-end':
          return [];
      }
    });
  }

  #begin(tracks: readonly CmafTrack[], start: number): RecordingPiece[] {
    const before = this.#tracks;
    // After a hole in the times it goes on with the same tracks.
    if (areSame(before, tracks)) return [];
    this.#tracks = tracks;
    this.#start = start;
    this.#sequence = 0;
    const head = movieHeadOf(tracks);
    return before.length === 0 ? [head] : [{ patches: [] }, head];
  }

  #fragment(kind: CmafTrack['track'], samples: readonly CmafSample[]): Uint8Array {
    const place = this.#tracks.findIndex(({ track }) => track === kind);
    const track = this.#tracks[place];
    if (!track) throw new Error(`the file has no ${kind}`);
    this.#sequence += 1;
    const moved = samples.map((sample) => ({
      ...sample,
      dts: sample.dts - this.#start,
      pts: sample.pts - this.#start,
    }));
    const timescale = movieTimescaleOf(track);
    return serializeFragment(this.#sequence, timescale, moved, firstTrackId + place);
  }
}

const areSame = (before: readonly CmafTrack[], after: readonly CmafTrack[]): boolean =>
  before.length === after.length &&
  before.every((track, place) => {
    const other = after[place];
    return (
      other?.codecString === track.codecString && Buffer.compare(other.config, track.config) === 0
    );
  });
