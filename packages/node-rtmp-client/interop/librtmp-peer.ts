import { flvmuxTimes, publishWithGstreamer } from './gstreamer-peer.js';
import { recordingProcess } from './recording-process.js';
import type { Player, Publisher } from './roles.js';

/** Nothing in Debian but GStreamer's plugin publishes with librtmp. */
export const librtmpPublisher: Publisher = {
  program: 'GStreamer',
  name: 'librtmp (GStreamer rtmpsink)',
  flatTimes: flvmuxTimes,
  publish: (url, clip) =>
    publishWithGstreamer(['rtmpsink', `location=${url} live=1`, 'sync=false'], clip),
};

export const rtmpdumpPlayer: Player = {
  name: 'rtmpdump (librtmp)',
  program: 'rtmpdump',
  play: (url, file) =>
    recordingProcess(file, 'rtmpdump', ['-v', '-r', url, '-o', file], {
      // 2: it has come to less than 99.9 % of the metadata's duration, which includes the last frame's.
      goodCodes: [0, 2],
    }),
};
