import { pictureCodeAt } from '@tallylight/contract';
import { workerScope } from '../worker-scope.js';
import { beepSamples } from './test-beep.js';
import { clockText, TestPicture, type Glyphs } from './test-picture.js';

export interface TestSourceOrder {
  readonly fps: number;
  readonly video?: {
    readonly writable: WritableStream<VideoFrame>;
    readonly width: number;
    readonly height: number;
  };
  readonly audio?: { readonly writable: WritableStream<AudioData> };
}

const sampleRate = 48_000;
const channels = 2;
/** 10 ms: what a microphone delivers. */
const samplesPerChunk = 480;
/** After a longer pause than this, in seconds (the machine slept), what was missed is skipped. */
const longestBacklog = 0.5;
/**
 * A track that does not take what is written gets no longer queue than this. Pictures: a third of a second at 30 a
 * second, 14 MB in 720p. Sound: a second, 0.4 MB; a hole in it is heard.
 */
const maxUnwritten = { pictures: 10, chunks: 100 };

const scope = workerScope<TestSourceOrder, never>();
scope.onMessage(run);

/**
 * Writes picture and sound at their due times. A worker's timers keep their pace where a hidden window's fall to one a
 * second.
 *
 * Time 0 is a full second of the wall clock. Both tracks are stamped with `performance.now()` of this worker in
 * microseconds: Chromium takes a generated AudioData's timestamp as a capture time on that clock (MediaRecorder sorts
 * both tracks by capture time), and a generated VideoFrame's capture time is the time when it is written.
 */
function run(order: TestSourceOrder): void {
  const { fps } = order;
  const wall = Date.now();
  const origin = performance.now() - (wall % 1000);
  const start = wall - (wall % 1000);
  const midnight = new Date(wall).setHours(0, 0, 0, 0);
  const timeOfDay = (start - midnight) / 1000;
  const timestamp = (seconds: number): number => Math.round((origin + seconds * 1000) * 1000);

  const tracks = [
    order.video &&
      trackPacer(
        order.video.writable,
        1 / fps,
        0,
        maxUnwritten.pictures,
        pictures(order.video, fps, { start, timeOfDay }, timestamp),
      ),
    order.audio &&
      trackPacer(
        order.audio.writable,
        samplesPerChunk / sampleRate,
        // Sound is there when it has been heard to its end, as with a microphone.
        samplesPerChunk / sampleRate,
        maxUnwritten.chunks,
        (index) => chunk(index, fps, timestamp),
      ),
  ].filter((track) => track !== undefined);

  const tick = (): void => {
    const now = (performance.now() - origin) / 1000;
    const due = tracks.map((track) => track.advance(now));
    setTimeout(tick, Math.max(0, origin + Math.min(...due) * 1000 - performance.now()));
  };
  tick();
}

interface TrackPacer {
  /** Writes what is due at `now`; returns when the next is due. Seconds. */
  advance(now: number): number;
}

function trackPacer<Media extends VideoFrame | AudioData>(
  writable: WritableStream<Media>,
  interval: number,
  latency: number,
  longestQueue: number,
  make: (index: number) => Media,
): TrackPacer {
  const writer = writable.getWriter();
  let ended = false;
  // Made ahead of its time: what is written late counts as captured late.
  let next: { index: number; media: Media } | undefined;
  const dueAt = (index: number): number => index * interval + latency;
  const prepare = (index: number): { index: number; media: Media } => ({
    index,
    media: make(index),
  });
  return {
    advance: (now) => {
      if (ended) return Infinity;
      if (next && now - dueAt(next.index) > longestBacklog) {
        next.media.close();
        next = undefined;
      }
      next ??= prepare(Math.ceil((now - latency) / interval));
      while (dueAt(next.index) <= now) {
        const { index, media } = next;
        if ((writer.desiredSize ?? 0) < -longestQueue) media.close();
        else {
          writer.write(media).catch(() => {
            ended = true; // The track was stopped.
          });
        }
        next = prepare(index + 1);
      }
      return dueAt(next.index);
    },
  };
}

function pictures(
  { width, height }: { width: number; height: number },
  fps: number,
  { start, timeOfDay }: { readonly start: number; readonly timeOfDay: number },
  timestamp: (seconds: number) => number,
): (index: number) => VideoFrame {
  const picture = new TestPicture(width, height, fps, rasterizeGlyphs(Math.round(height / 10)));
  return (index) => {
    const time = index / fps;
    const code = pictureCodeAt(start + time * 1000);
    return new VideoFrame(picture.paint(time, clockText(timeOfDay + time), code), {
      format: 'I420',
      codedWidth: width,
      codedHeight: height,
      timestamp: timestamp(time),
      duration: Math.round(1e6 / fps),
      colorSpace: { primaries: 'bt709', transfer: 'bt709', matrix: 'bt709', fullRange: false },
    });
  };
}

function chunk(index: number, fps: number, timestamp: (seconds: number) => number): AudioData {
  const samples = beepSamples(index * samplesPerChunk, samplesPerChunk, sampleRate, fps);
  const data = new Float32Array(samplesPerChunk * channels);
  for (let channel = 0; channel < channels; channel++) data.set(samples, channel * samplesPerChunk);
  return new AudioData({
    format: 'f32-planar',
    sampleRate,
    numberOfFrames: samplesPerChunk,
    numberOfChannels: channels,
    timestamp: timestamp((index * samplesPerChunk) / sampleRate),
    data,
  });
}

/** Draws the clock's characters once; from then on they are copied. */
function rasterizeGlyphs(height: number): Glyphs {
  const width = Math.ceil(height * 0.62);
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const masks = new Map<string, Uint8Array>();
  if (!context) return { width, height, masks };
  context.font = `${Math.round(height * 0.9)}px monospace`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillStyle = 'white';
  for (const character of '0123456789:.') {
    context.clearRect(0, 0, width, height);
    context.fillText(character, width / 2, height / 2);
    const { data } = context.getImageData(0, 0, width, height);
    masks.set(
      character,
      Uint8Array.from({ length: width * height }, (_, pixel) => data[pixel * 4 + 3] ?? 0),
    );
  }
  return { width, height, masks };
}
