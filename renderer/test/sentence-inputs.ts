import type { BroadcastSnapshot, Health, Profile } from '@tallylight/contract';
import type { HealthSentenceInput } from '../src/state/health-sentence.js';
import { windowMessages } from '../src/state/messages-store.js';
import type { ReadinessInput } from '../src/state/readiness.js';
import { isDirty } from '../src/state/profile-draft.js';
import type { Target } from '../src/state/targets.js';
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
    targets: [{ profile, draft: undefined, problem: undefined }],
    unsaved: undefined,
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

/** The one target with what `patch` says of it. */
export const butTarget = (patch: Partial<Target>): HealthSentenceInput => {
  const target: Target = { profile, draft: undefined, problem: undefined, ...patch };
  const isChanged = isDirty(target.draft, target.profile ? [target.profile] : []);
  return but({ targets: [target], unsaved: isChanged ? target : undefined });
};
