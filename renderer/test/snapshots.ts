import type { BroadcastSnapshot, DestinationStatus, Statistics } from '@tallylight/contract';

/** A destination that has done nothing yet, but for what `patch` says. */
export const destination = (patch: Partial<DestinationStatus> = {}): DestinationStatus => ({
  type: 'rtmp',
  reach: 'public',
  ...{ id: 'church', name: 'Church server', url: 'rtmp://church.example/live' },
  ...{ state: 'connecting', steps: [] },
  ...{ bytesSent: 0, framesSent: 0, framesDropped: 0, reconnects: 0 },
  ...patch,
});

export const statistics = (patch: Partial<Statistics['video']> = {}): Statistics => ({
  durationMs: 0,
  video: { frames: 0, bytes: 0, keyframes: 0, droppedFrames: 0, fps: 30, ...patch },
  audio: { frames: 1, bytes: 0 },
  bitrate: 0,
});

export const snapshot = (patch: Partial<BroadcastSnapshot> = {}): BroadcastSnapshot => ({
  state: 'live',
  captureSteps: [],
  outputs: [],
  ...patch,
});
