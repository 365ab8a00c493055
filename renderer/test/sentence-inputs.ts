import type { BroadcastSnapshot, Health, Profile } from '@tallylight/contract';
import type { HealthSentenceInput } from '../src/state/health-sentence.js';
import { windowMessages } from '../src/state/messages-store.js';
import type { ReadinessInput } from '../src/state/readiness.js';
import { destination } from './snapshots.js';

export const messages = windowMessages('en');
export const idle: BroadcastSnapshot = { state: 'idle', captureSteps: [], outputs: [] };
export const profile: Profile = {
  id: 'church',
  name: 'Church server',
  serverUrl: 'rtmp://church.example/live',
  shownUrl: 'rtmp://church.example/live',
  hasPassword: false,
  hasKey: true,
  kind: 'rtmp',
};
export const ready: HealthSentenceInput = {
  stage: 'off-air',
  snapshot: idle,
  lost: false,
  shell: 'browser',
  failureShown: true,
  ready: {
    selection: { cameraId: 'c1', microphoneId: 'm1' },
    picture: { type: 'there' },
    silent: false,
    isPublished: false,
    isFileLeftOut: false,
    profile,
    profiles: [profile],
    draft: undefined,
    problem: undefined,
  },
  wanted: { videoBitrate: 2_500_000, fps: 30 },
  messages,
};
export const published: BroadcastSnapshot = {
  ...idle,
  state: 'connecting',
  outputs: [destination({ steps: [{ phase: 'publish', state: 'done' }] })],
};
export const health = (patch: Partial<Health>): Health => ({
  ...{ level: 'good', cause: 'none', fps: 30, cameraFps: 30, droppedRatio: 0 },
  ...{ lostRatio: 0, since: 0, measuredMs: 10_400 },
  ...patch,
});

export const draft = { id: 'church', name: 'Church server', serverUrl: profile.serverUrl };
export const but = (patch: Partial<ReadinessInput>): HealthSentenceInput => ({
  ...ready,
  ready: { ...ready.ready, ...patch },
});
