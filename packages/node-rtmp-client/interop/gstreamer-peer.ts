import { runPeer } from './peer-process.js';
import { recordingProcess } from './recording-process.js';
import type { Player, Publisher } from './roles.js';

/** `sink` takes FLV: rtmp2sink is GStreamer's own RTMP, rtmpsink is librtmp's. */
export async function publishWithGstreamer(sink: readonly string[], clip: string): Promise<void> {
  await runPeer('gst-launch-1.0', [
    ...['-q', 'flvmux', 'name=mux', 'streamable=true', '!', ...sink],
    ...['filesrc', `location=${clip}`, '!', 'flvdemux', 'name=demux'],
    ...['demux.video', '!', 'queue', '!', 'mux.video'],
    ...['demux.audio', '!', 'queue', '!', 'mux.audio'],
  ]);
}

/** flvmux starts at the first frame's presentation time and cannot say what lies before it. */
export const flvmuxTimes = 'flvmux says 0 for decode times before the first presentation time';

export const gstreamerPublisher: Publisher = {
  name: 'GStreamer rtmp2sink',
  program: 'GStreamer',
  flatTimes: flvmuxTimes,
  publish: (url, clip) =>
    publishWithGstreamer(['rtmp2sink', `location=${url}`, 'sync=false'], clip),
};

export const gstreamerPlayer: Player = {
  name: 'GStreamer rtmp2src',
  program: 'GStreamer',
  isStrictAboutStreams: true,
  mayLoseLast: { by: 'told', why: 'rtmp2src drops what it holds when it hears of the end' },
  play: (url, file) =>
    recordingProcess(file, 'gst-launch-1.0', [
      ...['-q', '-e', 'rtmp2src', `location=${url}`, '!', 'filesink', 'buffer-mode=unbuffered'],
      `location=${file}`,
    ]),
};
