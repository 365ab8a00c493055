import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasChromium, launchChromium } from '../../../../test/support/chromium.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  beepTimes,
  countFrames,
  decodeErrors,
  decodeTimes,
  flashToBeep,
  pictureTimes,
  probe,
  strictlyRising,
} from '../../../../test/support/media.js';
import { createWindowSource } from '../../src/sources/window/window-source.js';
import { recordSource } from '../support/collect.js';
import { createChannelPair } from '../support/channel.js';

const encoding = { audioBitrate: 128_000, fps: 30 };

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallylight-ingest-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Sends a file over a channel piece by piece and writes what comes out of it as FLV. */
async function ingest(chunks: readonly Uint8Array[], hasAudio = true): Promise<string> {
  const { reader, writer } = createChannelPair();
  const source = createWindowSource(reader, {
    format: 'matroska',
    captureId: 1,
    hasAudio,
    encoding,
  });
  const file = join(folder, `${Math.random().toString(36).slice(2)}.flv`);
  const recorded = recordSource(source, file);
  // Whoever fails first says why; a failed reader leaves the writer without credits.
  const feed = async (): Promise<void> => {
    await writer.write({ type: 'begin', captureId: 1 });
    for (const payload of chunks) await writer.write({ type: 'container', payload });
    await writer.write({ type: 'end' });
    await recorded;
  };
  await Promise.race([recorded, feed()]);
  return file;
}

function pieces(bytes: Uint8Array, size: number): Uint8Array[] {
  const list: Uint8Array[] = [];
  for (let at = 0; at < bytes.byteLength; at += size) list.push(bytes.subarray(at, at + size));
  return list;
}

/** By how much each of as many times was moved. */
function shifts(before: readonly number[], after: readonly number[]): number[] {
  expect(after.length).toBe(before.length);
  expect(before.length).toBeGreaterThan(0);
  return after.map((time, index) => time - (before[index] ?? NaN));
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

describe('a file by ffmpeg, with flashes and beeps at the same instants', () => {
  const make = async (name: string, ...options: string[]): Promise<Uint8Array> => {
    const file = join(folder, name);
    execFileSync('ffmpeg', [
      ...['-v', 'error', '-f', 'lavfi', '-i'],
      "color=black:size=320x180:rate=30,drawbox=t=fill:color=white:enable='lt(mod(t,1),0.1)'",
      ...['-f', 'lavfi', '-i'],
      "aevalsrc='0.8*sin(2*PI*1000*t)*lt(mod(t,1),0.1)':s=48000:c=stereo",
      ...['-t', '6', '-c:v', 'libx264', '-bf', '0', '-g', '30', '-pix_fmt', 'yuv420p'],
      ...options,
      ...['-f', 'matroska', '-live', '1', '-cluster_time_limit', '100', file],
    ]);
    return readFile(file);
  };

  test('comes out whole, clean and in sync to the millisecond', async () => {
    const bytes = await make('sync.mkv', '-c:a', 'pcm_f32le');
    const file = await ingest(pieces(bytes, 7_919));
    expect(await decodeErrors(file)).toBe('');
    expect(await countFrames(file)).toBe(180);
    expect(strictlyRising(await decodeTimes(file, 'v:0'))).toBe(true);
    expect(strictlyRising(await decodeTimes(file, 'a:0'))).toBe(true);
    const offsets = await flashToBeep(file);
    expect(offsets.length).toBeGreaterThanOrEqual(3);
    // Were the encoder's priming not taken off, this would be 21 ms.
    for (const offset of offsets) expect(Math.abs(offset)).toBeLessThan(5);
  });

  test('of a track that is not wanted nothing is read', async () => {
    const bytes = await make('silent.mkv', '-c:a', 'pcm_f32le');
    const file = await ingest(pieces(bytes, 50_000), false);
    expect((await probe(file)).map(({ codec_name }) => codec_name)).toEqual(['h264']);
    expect(await countFrames(file)).toBe(180);
  });

  test('sound in a format that cannot be sent is named', async () => {
    const bytes = await make('opus.mkv', '-c:a', 'libopus');
    await expect(ingest(pieces(bytes, 50_000))).rejects.toMatchObject({
      info: {
        code: 'CAPTURE_FAILED',
        data: { reason: { reason: 'sound-not-sendable', data: { codec: 'opus' } } },
      },
    });
  });

  test('what is no file at all fails as capture', async () => {
    const noise = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7_919) % 251);
    await expect(ingest(pieces(noise, 50_000))).rejects.toMatchObject({
      info: { code: 'CAPTURE_FAILED' },
    });
  });
});

/** A canvas that flashes and an oscillator that beeps, together once a second, as MediaRecorder writes them. */
async function recordInPage(seconds: number): Promise<string[]> {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [640, 360];
  const context = canvas.getContext('2d');
  const audio = new AudioContext({ sampleRate: 48_000 });
  await audio.resume();
  const gain = new GainNode(audio, { gain: 0 });
  const tone = new OscillatorNode(audio, { frequency: 1_000 });
  const output = new MediaStreamAudioDestinationNode(audio);
  tone.connect(gain).connect(output);
  tone.start();
  for (let s = 1; s < seconds + 2; s += 1) {
    gain.gain.setValueAtTime(0.8, s);
    gain.gain.setValueAtTime(0, s + 0.1);
  }
  const draw = setInterval(() => {
    if (!context) return;
    context.fillStyle = audio.currentTime % 1 < 0.1 ? 'white' : 'black';
    context.fillRect(0, 0, 640, 360);
    context.fillStyle = 'grey';
    context.fillRect((audio.currentTime * 100) % 600, 300, 40, 40);
  }, 1000 / 30);
  const stream = new MediaStream([
    ...canvas.captureStream(30).getVideoTracks(),
    ...output.stream.getAudioTracks(),
  ]);
  const recorder = new MediaRecorder(stream, {
    mimeType: 'video/x-matroska;codecs=avc1,pcm',
    videoBitsPerSecond: 1_000_000,
  });
  const chunks: Promise<string>[] = [];
  recorder.ondataavailable = ({ data }) => {
    chunks.push(
      new Promise((resolve) => {
        const reader = new FileReader();
        reader.onload = () => {
          // The type before the data has commas of its own.
          const url = reader.result as string;
          resolve(url.slice(url.lastIndexOf(',') + 1));
        };
        reader.readAsDataURL(data);
      }),
    );
  };
  recorder.start(100);
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const stopped = new Promise((resolve) => (recorder.onstop = resolve));
  recorder.stop();
  await stopped;
  clearInterval(draw);
  await audio.close();
  return Promise.all(chunks);
}

describe.skipIf(!hasChromium)("a file by Chromium's MediaRecorder", () => {
  let chunks: Uint8Array[];

  beforeAll(async () => {
    const server = createServer((_, response) => {
      response.setHeader('content-type', 'text/html').end('<!doctype html>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${port ?? 0}/`);
      const encoded = await page.evaluate(recordInPage, 6);
      chunks = encoded.map((text) => new Uint8Array(Buffer.from(text, 'base64')));
    } finally {
      await browser.close();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  test('comes out whole and clean, with picture and sound as far apart as they were', async () => {
    const original = join(folder, 'original.mkv');
    await writeFile(original, Buffer.concat(chunks));
    const file = await ingest(chunks);
    expect((await probe(file)).map(({ codec_name }) => codec_name).sort()).toEqual(['aac', 'h264']);
    expect(await countFrames(file)).toBe(await countFrames(original));
    expect(await countFrames(file)).toBeGreaterThan(10);
    expect(strictlyRising(await decodeTimes(file, 'v:0'))).toBe(true);
    expect(strictlyRising(await decodeTimes(file, 'a:0'))).toBe(true);
    const pictures = shifts(await pictureTimes(original), await pictureTimes(file));
    const beeps = shifts(await beepTimes(original), await beepTimes(file));
    // Each frame moved onto the grid by its own jitter, larger on a busy machine; together they stayed where they were.
    const jitter = median(pictures.map((shift) => Math.abs(shift - median(pictures))));
    expect(Math.abs(median(pictures) - median(beeps))).toBeLessThan(15 + jitter);
    expect(await decodeErrors(file)).toBe('');
  });
});
