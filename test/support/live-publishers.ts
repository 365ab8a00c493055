import { existsSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { connectObs } from '../../e2e/obs-control.js';
import { startObs } from '../../packages/node-rtmp-client/interop/obs-peer.js';
import { PeerProcess } from '../../packages/node-rtmp-client/interop/peer-process.js';
import { freePort } from './free-port.js';
import { clip } from './media.js';

/** Somebody else's program that encodes, publishes, and keeps what it publishes. */
interface LivePublisher {
  readonly name: string;
  /** What it is started from, and whether that is here. */
  readonly needs: string;
  readonly isHere: boolean;
  /** Frames a second of its picture. */
  readonly fps: number;
  start(url: string, folder: string): Promise<LivePublishing>;
}

interface LivePublishing {
  /** FLV of the very packets that it publishes, and of what may have come before; complete once it has ended. */
  readonly sent: string;
  /** As somebody who presses Stop; once more has no effect. */
  end(): Promise<void>;
}

/** Longer than any test of them. */
const deadlineMs = 400_000;

const ffmpeg: LivePublisher = {
  ...{ name: 'ffmpeg', needs: 'ffmpeg', isHere: true, fps: 25 },
  start: (url, folder) => {
    const sent = join(folder, 'sent.flv');
    const peer = new PeerProcess(
      'ffmpeg',
      [
        ...['-v', 'error', '-nostdin', '-re', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25'],
        ...['-re', '-f', 'lavfi', '-i', 'sine=sample_rate=48000', '-map', '0:v', '-map', '1:a'],
        ...['-c:v', 'libx264', '-preset', 'superfast', '-bf', '2', '-g', '50'],
        ...['-pix_fmt', 'yuv420p', '-c:a', 'aac', '-flags', '+global_header'],
        ...['-f', 'tee', `[f=flv]${sent}|[f=flv]${url}`],
      ],
      { deadlineMs },
    );
    return Promise.resolve({ sent, end: () => peer.stop('SIGINT') });
  },
};

const hasElements = (...names: readonly string[]): boolean =>
  names.every((name) => spawnSync('gst-inspect-1.0', ['--exists', name]).status === 0);

/** `sink` takes FLV and publishes it. Without B-frames: flvmux has no negative times, and cuts theirs. */
const gstreamer = (name: string, sink: (url: string) => readonly string[]): LivePublisher => ({
  ...{ name: `GStreamer ${name}`, needs: `GStreamer with ${name}`, fps: 30 },
  isHere: hasElements(name, 'flvmux', 'x264enc', 'avenc_aac'),
  start: (url, folder) => {
    const sent = join(folder, 'sent.flv');
    const peer = new PeerProcess(
      'gst-launch-1.0',
      [
        ...['-e', '-q', 'flvmux', 'name=mux', 'streamable=true', '!', 'tee', 'name=copies'],
        ...['copies.', '!', 'queue', '!', 'filesink', `location=${sent}`],
        ...['copies.', '!', 'queue', '!', ...sink(url)],
        ...['videotestsrc', 'is-live=true', 'pattern=ball', '!'],
        ...['video/x-raw,width=320,height=180,framerate=30/1', '!'],
        ...['x264enc', 'speed-preset=superfast', 'tune=zerolatency', 'key-int-max=60'],
        ...['bitrate=500', '!', 'h264parse', '!', 'queue', '!', 'mux.video'],
        ...['audiotestsrc', 'is-live=true', '!', 'audio/x-raw,rate=48000,channels=2', '!'],
        ...['avenc_aac', '!', 'aacparse', '!', 'queue', '!', 'mux.audio'],
      ],
      { deadlineMs },
    );
    return Promise.resolve({ sent, end: () => peer.stop('SIGINT', 15_000) });
  },
});

/** As it comes, with a keyframe in 250 frames; only the picture is small, for there is no graphics card. */
const obs: LivePublisher = {
  ...{ name: 'OBS Studio', needs: 'OBS Studio and Xvfb', fps: 30 },
  isHere: existsSync('/usr/bin/obs') && existsSync('/usr/bin/Xvfb'),
  start: async (url, folder) => {
    const controlPort = await freePort();
    const running = await startObs(
      folder,
      {
        ...{ url, clip: await clip(folder), controlPort, recordTo: folder },
        ...{ width: 320, height: 180, fps: 30, videoKbps: 500, preset: 'superfast', scale: 0.25 },
      },
      { args: ['--startrecording', '--startstreaming'], deadlineMs },
    );
    const end = async (): Promise<void> => {
      try {
        // The recording ends with the program, after the stream.
        const control = await connectObs(controlPort);
        await control.stop();
        control.close();
      } finally {
        await running.stop();
      }
    };
    let ending: Promise<void> | undefined;
    return { sent: join(folder, 'sent.flv'), end: () => (ending ??= end()) };
  },
};

export const livePublishers: readonly LivePublisher[] = [
  ffmpeg,
  gstreamer('rtmp2sink', (url) => ['rtmp2sink', `location=${url}`, 'sync=false']),
  gstreamer('rtmpsink', (url) => ['rtmpsink', `location=${url} live=1`, 'sync=false']),
  obs,
];
