import { runPeer } from './peer-process.js';
import { recordingProcess } from './recording-process.js';
import type { Player, Publisher } from './roles.js';

export const ffmpegPublisher: Publisher = {
  name: 'ffmpeg',
  publish: async (url, clip) => {
    await runPeer('ffmpeg', ['-v', 'error', '-i', clip, '-c', 'copy', '-f', 'flv', url]);
  },
};

export const ffmpegPlayer: Player = {
  name: 'ffmpeg',
  mayLoseLast: { by: 'interrupted', why: 'ffmpeg drops what it holds when it is interrupted' },
  play: (url, file) =>
    recordingProcess(file, 'ffmpeg', [
      ...['-v', 'error', '-i', url, '-c', 'copy'],
      // It is to hold as little as it can.
      ...['-max_interleave_delta', '1', '-flush_packets', '1', '-f', 'flv', file],
    ]),
};
