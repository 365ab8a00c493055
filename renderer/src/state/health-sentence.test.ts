import { describeError, type BroadcastSnapshot, type Profile } from '@tallylight/contract';
import { describe, expect, it } from 'vitest';
import type { Health } from './health.js';
import { destination } from '../../test/snapshots.js';
import { windowMessages } from './messages-store.js';
import { healthSentence, type HealthSentenceInput } from './health-sentence.js';

const messages = windowMessages('en');
const idle: BroadcastSnapshot = { state: 'idle', captureSteps: [], outputs: [] };
const profile: Profile = {
  id: 'church',
  name: 'Church server',
  serverUrl: 'rtmp://church.example/live',
  hasKey: true,
  kind: 'rtmp',
};
const ready: HealthSentenceInput = {
  stage: 'off-air',
  snapshot: idle,
  health: undefined,
  lost: false,
  unsaved: false,
  captureError: undefined,
  profile,
  videoBitrate: 2_500_000,
  fps: 30,
  messages,
};
const published: BroadcastSnapshot = {
  ...idle,
  state: 'connecting',
  outputs: [destination({ steps: [{ phase: 'publish', state: 'done' }] })],
};
const health = (patch: Partial<Health>): Health => ({
  level: 'good',
  cause: 'none',
  droppedRatio: 0,
  since: 0,
  samples: [],
  ...patch,
});

describe('the health sentence off air', () => {
  it('is ready and says where it goes', () => {
    expect(healthSentence(ready)).toMatchObject({
      word: 'Ready.',
      detail: 'Goes to Church server, rtmp://church.example/live',
    });
    expect(healthSentence({ ...ready, unsaved: true }).detail).toMatch(/unsaved/);
  });

  it('is not ready without a camera or an engine', () => {
    const captureError = describeError('CAMERA_IN_USE', { device: 'Webcam' });
    expect(healthSentence({ ...ready, captureError })).toMatchObject({
      tone: 'fair',
      text: messages.error(captureError).message,
      detail: messages.error(captureError).remedy,
    });
    expect(healthSentence({ ...ready, lost: true }).word).toBe('Not ready.');
  });

  it('is not ready without a stream key', () => {
    const keyless = { ...ready, profile: { ...profile, hasKey: false } };
    expect(healthSentence(keyless)).toMatchObject({
      word: 'Not ready.',
      text: 'There is no stream key for Church server.',
    });
    // It may have been typed and not saved yet.
    expect(healthSentence({ ...keyless, unsaved: true }).word).toBe('Ready.');
  });

  it('tells an attempt that failed from a broadcast that broke off', () => {
    const error = describeError('CONNECTION_LOST', { host: 'a', reason: 'reset' });
    const failed: BroadcastSnapshot = { ...idle, state: 'ended', startedAt: 1, error };
    expect(healthSentence({ ...ready, snapshot: failed }).word).toBe('Did not go live.');
    expect(healthSentence({ ...ready, snapshot: { ...failed, liveAt: 2 } }).word).toBe(
      'The broadcast broke off.',
    );
  });

  it('sums a broadcast up', () => {
    const ended: BroadcastSnapshot = {
      ...idle,
      state: 'ended',
      liveAt: 1,
      onAirMs: 754_000,
    };
    expect(healthSentence({ ...ready, snapshot: ended }).text).toBe('00:12:34 on air, 0 kB sent.');
  });
});

describe('the health sentence on air', () => {
  const live = { ...ready, stage: 'live' } as const;

  it.each([
    [health({}), 'Good.', 'Every frame arrives.'],
    [health({ level: 'fair', cause: 'network', droppedRatio: 0.012 }), 'Fair.', '1.2 %'],
    [health({ level: 'poor', cause: 'capture', droppedRatio: 0.08 }), 'Poor.', 'computer'],
  ])('says %s', (given, word, text) => {
    const result = healthSentence({ ...live, health: given });
    expect(result.word).toBe(word);
    expect(result.text).toContain(text);
  });

  it('names a bitrate that would help', () => {
    const slow = health({ level: 'fair', cause: 'network', droppedRatio: 0.02 });
    expect(healthSentence({ ...live, health: slow }).detail).toContain(
      'choose 2,000 kbit/s or less',
    );
  });

  it('does not say that it goes well while nobody sees it', () => {
    const lostAt = new Date(2026, 1, 1, 12, 34, 56).getTime();
    const outputs = [destination({ state: 'reconnecting', lostAt })];
    expect(
      healthSentence({ ...ready, stage: 'reconnecting', snapshot: { ...idle, outputs } }),
    ).toEqual({
      tone: 'fair',
      word: 'Nobody sees you.',
      text: 'The connection to Church server broke; trying again.',
      detail: 'Since 12:34:56.',
    });
  });

  it('says that nothing is public until the server has the stream', () => {
    expect(healthSentence({ ...ready, stage: 'connecting' }).detail).toBe('Nothing is public yet.');
    const given = { ...ready, snapshot: published };
    expect(healthSentence({ ...given, stage: 'connecting' }).detail).toContain('may see it');
    expect(healthSentence({ ...given, stage: 'cancelling' }).text).not.toContain('Nothing');
  });
});
