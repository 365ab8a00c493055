import {
  describeError,
  noMicrophoneId,
  testBeepId,
  testPictureId,
  type BroadcastSnapshot,
  type Health,
  type Profile,
  type Step,
} from '@tallylight/contract';
import { describe, expect, it } from 'vitest';
import { destination, statistics } from '../../test/snapshots.js';
import { windowMessages } from './messages-store.js';
import type { ReadinessInput } from './readiness.js';
import { readinessOf } from './readiness.js';
import { healthSentence, type HealthSentenceInput } from './health-sentence.js';

const messages = windowMessages('en');
const idle: BroadcastSnapshot = { state: 'idle', captureSteps: [], outputs: [] };
const profile: Profile = {
  id: 'church',
  name: 'Church server',
  serverUrl: 'rtmp://church.example/live',
  shownUrl: 'rtmp://church.example/live',
  hasPassword: false,
  hasKey: true,
  kind: 'rtmp',
};
const ready: HealthSentenceInput = {
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
    profile,
    profiles: [profile],
    draft: undefined,
    problem: undefined,
  },
  wanted: { videoBitrate: 2_500_000, fps: 30 },
  messages,
};
const published: BroadcastSnapshot = {
  ...idle,
  state: 'connecting',
  outputs: [destination({ steps: [{ phase: 'publish', state: 'done' }] })],
};
const health = (patch: Partial<Health>): Health => ({
  ...{ level: 'good', cause: 'none', fps: 30, cameraFps: 30, droppedRatio: 0 },
  ...{ lostRatio: 0, since: 0, measuredMs: 10_400 },
  ...patch,
});

const draft = { id: 'church', name: 'Church server', serverUrl: profile.serverUrl };
const but = (patch: Partial<ReadinessInput>): HealthSentenceInput => ({
  ...ready,
  ready: { ...ready.ready, ...patch },
});

describe('the health sentence off air', () => {
  it('is ready and says where it goes', () => {
    expect(healthSentence(ready)).toMatchObject({
      word: 'Ready.',
      detail: 'Goes to Church server, rtmp://church.example/live',
    });
    const shownUrl = `rtmp://church.example/${'a'.repeat(2000)}/end`;
    const { detail } = healthSentence(but({ profile: { ...profile, shownUrl } }));
    expect(detail).toMatch(/^Goes to Church server, rtmp:\/\/church.example\/a+…a+\/end$/);
    expect(detail.length).toBeLessThan(120);
    expect(healthSentence(but({ draft: { ...draft, name: 'Church' } }))).toMatchObject({
      word: 'Ready.',
      detail: 'The profile has unsaved changes; Go Live saves them first.',
    });
  });

  it('is not ready without a camera or an engine', () => {
    const error = describeError('CAMERA_IN_USE', { device: 'Webcam' });
    expect(healthSentence(but({ picture: { type: 'failed', error } }))).toMatchObject({
      tone: 'fair',
      word: 'Not ready.',
      text: messages.error(error).message,
      detail: messages.error(error).remedy,
    });
    expect(healthSentence({ ...ready, lost: true }).word).toBe('Not ready.');
  });

  it('says that there is no stream key until one is typed, but does not forbid to go live', () => {
    const keyless = { ...profile, hasKey: false };
    const without = { profile: keyless, profiles: [keyless], draft };
    expect(healthSentence(but(without))).toMatchObject({
      word: 'No stream key.',
      text: 'Most servers want a stream key, but you can go live all the same.',
    });
    expect(readinessOf(but(without).ready).missing).toEqual([]);
    const typed = { ...without, draft: { ...draft, streamKey: 'live_1' } };
    expect(healthSentence(but(typed)).word).toBe('Ready.');
    const cleared = { draft: { ...draft, streamKey: ' ' } };
    expect(healthSentence(but(cleared)).word).toBe('No stream key.');
  });

  it('counts all that is missing', () => {
    const empty = { draft: { name: '', serverUrl: ' ', streamKey: '' } };
    expect(healthSentence(but(empty))).toMatchObject({
      word: 'Not ready.',
      text: '2 things are missing: a name for the profile and a server URL.',
    });
    const error = describeError('CAMERA_DENIED');
    const denied = but({ ...empty, picture: { type: 'failed', error } });
    expect(healthSentence(denied).text).toMatch(/^3 things are missing: a picture, /);
  });

  it('is not ready with what is typed and cannot be saved, before a broadcast and after one', () => {
    const last = { ...idle, state: 'ended', liveAt: 1, onAirMs: 9_000 } as const;
    for (const snapshot of [idle, last]) {
      for (const [serverUrl, why] of [
        ['http://127.0.0.1/live', 'begins neither with rtmp:// nor'],
        ['rtmp://', 'no server after'],
        ['rtmp://a b/live', 'a space'],
        ['rtmp://127.0.0.1:99999/live', 'the port is not a number between 1 and 65535'],
      ] as const) {
        const given = but({ draft: { ...draft, serverUrl } });
        const said = healthSentence({ ...given, snapshot });
        expect(said.word).toBe('Not ready.');
        expect(said.text).toMatch(/^The server URL ".*" is not an RTMP address: /);
        expect(said.text).toContain(why);
        expect(said.detail).toMatch(/^Use the form rtmp:/);
      }
    }
    const full = but({ draft: { ...draft, serverUrl: '主播：rtmp：／／church.example/live' } });
    expect(healthSentence(full).word).toBe('Ready.');
    const empty = { name: '', serverUrl: 'http://x', streamKey: '' };
    expect(healthSentence(but({ draft: empty })).text).toMatch(/ and a server URL that is an RTMP/);
  });

  it('says after a broadcast where the next one goes', () => {
    const outputs = [destination({ name: 'Chapel' })];
    const last = { ...idle, state: 'ended', liveAt: 1, onAirMs: 9_000, outputs } as const;
    expect(healthSentence({ ...ready, snapshot: last }).detail).toBe(
      'It went to Chapel. The next goes to Church server, rtmp://church.example/live',
    );
    const changed = but({ draft: { ...draft, name: 'Church' } });
    expect(healthSentence({ ...changed, snapshot: last }).detail).toMatch(/unsaved changes/);
    const test = but({ selection: { cameraId: testPictureId, microphoneId: testBeepId } });
    expect(healthSentence({ ...test, snapshot: last }).detail).toMatch(
      /^Only a test\..* The next goes to Church server/,
    );
  });

  it('is not ready with a profile that was not saved, and says why', () => {
    const problem = describeError('PROFILE_NAME_TAKEN', { profile: 'Church server' });
    expect(healthSentence(but({ draft, problem }))).toMatchObject({
      word: 'Not ready.',
      text: messages.error(problem).message,
    });
  });

  it('is not ready while a camera is being opened, or none is known', () => {
    const opening = healthSentence(but({ picture: { type: 'opening' } }));
    expect(opening).toMatchObject({ tone: 'busy', text: 'The camera is being opened.' });
    expect(healthSentence(but({ selection: undefined })).tone).toBe('busy');
  });

  it.each([
    ['Only a test.', { cameraId: testPictureId, microphoneId: testBeepId }, false],
    ['Test picture.', { cameraId: testPictureId, microphoneId: 'm1' }, false],
    ['Test beep.', { cameraId: 'c1', microphoneId: testBeepId }, false],
    ['No sound.', { cameraId: 'c1', microphoneId: noMicrophoneId }, false],
    ['Silence.', { cameraId: 'c1', microphoneId: 'm1' }, true],
    ['2 things to know.', { cameraId: testPictureId, microphoneId: noMicrophoneId }, false],
  ])('calls it %s', (word, selection, silent) => {
    const sentence = healthSentence(but({ selection, silent }));
    expect(sentence).toMatchObject({ tone: 'fair', word });
    expect(sentence.detail).toMatch(/^Goes to Church server/);
  });

  it('says of what was cancelled whether anybody may have seen it', () => {
    const cancelled: BroadcastSnapshot = { ...idle, state: 'ended', startedAt: 1 };
    expect(healthSentence({ ...ready, snapshot: cancelled })).toMatchObject({
      word: 'Cancelled.',
      text: 'Nothing was public.',
    });
    const late = { ...published, state: 'ended' } as const;
    expect(healthSentence({ ...ready, snapshot: late }).text).toMatch(/confirmed no picture/);
    const steps = [{ phase: 'acknowledged', state: 'done' }] as const;
    const taken = { ...late, outputs: [destination({ steps: [...steps] })] };
    expect(healthSentence({ ...ready, snapshot: taken }).text).toMatch(/may have seen it/);
  });

  it('tells an attempt that failed from a broadcast that broke off', () => {
    const error = describeError('CONNECTION_LOST', { host: 'a', reason: 'reset' });
    const failed: BroadcastSnapshot = { ...idle, state: 'ended', startedAt: 1, error };
    expect(healthSentence({ ...ready, snapshot: failed }).word).toBe('Did not go live.');
    expect(healthSentence({ ...ready, snapshot: { ...failed, liveAt: 2 } }).word).toBe(
      'The broadcast broke off.',
    );
  });

  it('tells how far a broadcast came that its camera ended, and what ended it nowhere else', () => {
    const error = describeError('CAPTURE_FAILED', { device: 'Webcam', reason: 'x' }, 'camera');
    const outputs = [destination({ name: 'Chapel', goLiveMs: 900, state: 'stopped' })];
    const snapshot: BroadcastSnapshot = {
      ...{ ...idle, state: 'ended', outputs, error },
      ...{ liveAt: 1, onAirMs: 9_000 },
    };
    const lost = but({ picture: { type: 'failed', error } });
    expect(healthSentence({ ...lost, snapshot })).toEqual({
      tone: 'poor',
      word: 'The broadcast broke off.',
      text: '00:00:09 on air, 0 kB sent.',
      detail: 'It went to Chapel. Not ready.',
    });
    // Once that is closed, what counts is what comes next.
    expect(healthSentence({ ...lost, snapshot, failureShown: false }).word).toBe('Not ready.');
  });

  it('tells of a broadcast whose engine is gone, and what helps in this shell', () => {
    const error = describeError('ENGINE_GONE');
    const inOrder: BroadcastSnapshot = { ...idle, state: 'ended', liveAt: 1, onAirMs: 9_000 };
    const snapshot = { ...inOrder, error };
    const gone = { ...ready, lost: true, snapshot };
    expect(healthSentence(gone)).toMatchObject({
      word: 'The broadcast broke off.',
      text: '00:00:09 on air, 0 kB sent.',
    });
    expect(healthSentence(gone).detail).toMatch(/^Run "npx tallylight studio" again and/);
    expect(healthSentence({ ...gone, shell: 'electron' }).detail).toBe('Restart Tallylight.');
    // One that ends in order ends the broadcast before.
    expect(healthSentence({ ...gone, snapshot: inOrder })).toMatchObject({
      word: 'Ended.',
      text: '00:00:09 on air, 0 kB sent.',
    });
    expect(healthSentence({ ...ready, lost: true }).word).toBe('Not ready.');
  });

  it('sums a broadcast up', () => {
    const ended: BroadcastSnapshot = {
      ...idle,
      state: 'ended',
      liveAt: 1,
      onAirMs: 754_000,
    };
    expect(healthSentence({ ...ready, snapshot: ended }).text).toBe('00:12:34 on air, 0 kB sent.');
    const outputs = [destination({ framesSent: 700, framesDropped: 0, framesMissed: 1070 })];
    expect(healthSentence({ ...ready, snapshot: { ...ended, outputs } }).text).toBe(
      '00:12:34 on air, 0 kB sent. Up to 60.5 % of the frames were lost, 1,070 of them while a server was away.',
    );
    const away = { outputs: [destination({ state: 'stopped', goLiveMs: 900, lostAt: 5 })] };
    expect(healthSentence({ ...ready, snapshot: { ...ended, ...away } }).word).toBe(
      'Ended while the connection was lost.',
    );
    const slow = { outputs: [destination({ framesSent: 997, framesDropped: 3 })] };
    expect(healthSentence({ ...ready, snapshot: { ...ended, ...slow } }).text).toBe(
      '00:12:34 on air, 0 kB sent. 0.3 % of the frames were lost.',
    );
    const silent = { ...statistics(), audio: { frames: 9, bytes: 9, behindMs: 3_140 } };
    const unsent = { ...ended, statistics: silent };
    expect(healthSentence({ ...ready, snapshot: unsent }).text).toBe(
      '00:12:34 on air, 0 kB sent. The last 3.1 s of sound were not sent.',
    );
    expect(
      healthSentence({ ...ready, snapshot: unsent, messages: windowMessages('zh-CN') }).text,
    ).toContain('最后 3.1 秒的声音没有发出。');
  });
});

describe('the health sentence on air', () => {
  const on = (patch: Partial<BroadcastSnapshot>): HealthSentenceInput => ({
    ...{ ...ready, stage: 'live' },
    snapshot: { ...idle, state: 'live', ...patch },
  });

  it('gives no verdict before the engine has one', () => {
    expect(healthSentence(on({}))).toMatchObject({
      tone: 'neutral',
      word: 'Watching how it goes…',
    });
  });

  it('does not say that every frame arrives beside a figure of lost ones', () => {
    const good = health({});
    const lost = statistics({ droppedFrames: 1 });
    const sent = destination({ framesSent: 900 });
    const missed = { ...sent, framesDropped: 0, framesMissed: 30 };
    for (const patch of [{ outputs: [sent], statistics: lost }, { outputs: [missed] }]) {
      expect(healthSentence(on({ ...patch, health: good })).text).toBe(
        'Every frame of the last 10 seconds was sent.',
      );
      const young = health({ measuredMs: 7_500 });
      expect(healthSentence(on({ ...patch, health: young })).text).toBe(
        'Every frame of the last 7 seconds was sent.',
      );
    }
  });

  it('speaks of no more seconds than were measured', () => {
    for (const cause of ['network', 'computer', 'away'] as const) {
      const young = health({ level: 'fair', cause, measuredMs: 4_999, droppedRatio: 0.121 });
      const { text } = healthSentence(on({ health: young }));
      expect(text).toMatch(/ last 4 seconds/);
      expect(
        healthSentence({ ...on({ health: young }), messages: windowMessages('zh-CN') }).text,
      ).toContain('最近 4 秒');
    }
  });

  it('does not call a moment good in which viewers missed something', () => {
    const away = health({ level: 'fair', cause: 'away' });
    expect(healthSentence(on({ health: away }))).toMatchObject({
      tone: 'fair',
      word: 'Fair.',
      text: 'A server was away within the last 10 seconds: its viewers missed what went by.',
    });
  });

  it('does not speak of a shortfall that it writes as none', () => {
    const rates = { cameraFps: 30, fps: 29.98 };
    for (const cause of ['camera', 'source', 'network', 'computer'] as const) {
      expect(healthSentence(on({ health: health({ cause, ...rates }) })).text).toBe(
        'Every frame is sent.',
      );
      const fair = health({ cause, level: 'fair', ...rates, isRecovering: true });
      expect(healthSentence(on({ health: fair })).text).toMatch(/^Better again/);
    }
  });

  it('blames no camera and no light for a test picture that is drawn too slowly', () => {
    const captureSteps: Step[] = [
      { phase: 'camera', state: 'done', detail: { reason: 'test-picture' } },
    ];
    const slow = health({ level: 'fair', cause: 'camera', cameraFps: 27.5, fps: 27.4 });
    const { text, detail } = healthSentence(on({ captureSteps, health: slow }));
    expect(text).toBe(
      'The test picture is on air. This computer draws 27.5 of 30 frames of the test picture a second.',
    );
    expect(detail).not.toMatch(/dark/);
  });

  it('names no fault beside a good level', () => {
    const captureSteps: Step[] = [
      { phase: 'camera', state: 'done', detail: { reason: 'test-picture' } },
    ];
    for (const language of ['en', 'zh-CN'] as const) {
      for (const cause of ['camera', 'source', 'network', 'computer'] as const) {
        for (const steps of [captureSteps, []]) {
          const good = health({ cause, cameraFps: 14.4, fps: 14.4 });
          const given = on({ captureSteps: steps, health: good });
          const said = healthSentence({
            ...{ ...given, messages: windowMessages(language) },
            wanted: { fps: 15, videoBitrate: 2_500_000 },
          });
          expect(said.tone).toBe('good');
          expect(said.text).toContain('14.4');
          expect(said.text + said.detail).not.toMatch(/draws|gives|slow|dark|Close|跟不上|只|太/);
        }
      }
    }
  });

  it.each(['camera', 'source'] as const)('does not sway where a %s sends in bursts', (cause) => {
    const texts = [29.1, 29.4, 29.8, 30].map(
      (fps) => healthSentence(on({ health: health({ cause, fps }) })).text,
    );
    expect(new Set(texts)).toEqual(new Set(['Every frame is sent.']));
    expect(healthSentence(on({ health: health({ cause, fps: 28.5 }) })).text).toContain('28.5');
    // What was lost on the way is said to the tenth.
    const lost = health({ cause: 'network', fps: 29.8 });
    expect(healthSentence(on({ health: lost })).text).toContain('29.8');
  });

  it('tells of a loss that is over no time that is not its own', () => {
    const { text, detail } = healthSentence(
      on({ health: health({ level: 'fair', cause: 'away' }) }),
    );
    expect(text).toContain('was away');
    expect(detail).toBe('');
  });

  it('calls a test picture one', () => {
    const detail = { reason: 'test-picture' } as const;
    const captureSteps = [{ phase: 'camera', state: 'done', detail }] as const;
    expect(healthSentence(on({ captureSteps: [...captureSteps], health: health({}) })).text).toBe(
      'The test picture is on air. Every frame is sent.',
    );
  });

  it('says beside a good picture that there is no sound', () => {
    const silent = { ...statistics(), audio: { frames: 0, bytes: 0 } };
    const given = { statistics: silent, health: health({}) };
    expect(healthSentence(on(given)).text).toBe('The broadcast has no sound. Every frame is sent.');
    expect(healthSentence({ ...on(given), messages: windowMessages('zh-CN') }).text).toContain(
      '没有声音',
    );
    expect(healthSentence(on({ ...given, statistics: statistics() })).text).toBe(
      'Every frame is sent.',
    );
    // Also before there is a verdict.
    expect(healthSentence(on({ statistics: silent })).text).toBe('The broadcast has no sound.');
  });

  it.each([
    [{}, 'Good.', 'Every frame is sent.'],
    [
      { cause: 'camera', cameraFps: 28.84, fps: 28.8 },
      'Good.',
      '28.8 of 30 frames a second are sent',
    ],
    [
      { level: 'fair', cause: 'camera', cameraFps: 27, fps: 26.9 },
      'Fair.',
      'camera gives 27 of 30',
    ],
    [{ level: 'poor', cause: 'camera', cameraFps: 10, fps: 10 }, 'Poor.', 'camera gives 10 of 30'],
    [{ level: 'fair', cause: 'source', fps: 25 }, 'Fair.', '25 of 30 frames a second are sent.'],
    [{ cause: 'network', fps: 29.84, droppedRatio: 0.005 }, 'Good.', '29.8 of 30 frames a second'],
    [{ cause: 'computer', fps: 29.9 }, 'Good.', '29.9 of 30 frames a second are sent.'],
    [
      { level: 'fair', cause: 'network', droppedRatio: 0.012 },
      'Fair.',
      'slow: 1.2 % of the frames of the last 10',
    ],
    // Its rate may be back already, while the last ten seconds are not.
    [{ level: 'poor', cause: 'computer', fps: 30, lostRatio: 0.16 }, 'Poor.', 'too slow: 16.0 %'],
  ] as const)('says of %j: %s %s', (given, word, text) => {
    const result = healthSentence(on({ health: health(given) }));
    expect(result.word).toBe(word);
    expect(result.text).toContain(text);
  });

  it('tells how far the sound is behind, or that none comes', () => {
    const late = health({ level: 'poor', cause: 'sound', soundBehindMs: 4_210 });
    const given = { ...statistics(), audio: { frames: 9, bytes: 9, behindMs: 4_400 } };
    expect(healthSentence(on({ health: late, statistics: given }))).toMatchObject({
      ...{ tone: 'poor', word: 'Poor.' },
      text: 'The sound is 4.2 s behind the picture: this computer cannot keep up.',
      detail: expect.stringContaining('next time choose WebCodecs or ffmpeg') as unknown,
    });
    const silent = { ...statistics(), audio: { frames: 0, bytes: 0, behindMs: 4_400 } };
    const none = healthSentence(on({ health: late, statistics: silent }));
    expect(none.text).toBe('No sound has come for 4.2 s.');
    expect(none.detail).toContain('Check the microphone');
    const over = { ...late, isRecovering: true, soundBehindMs: 100 };
    expect(healthSentence(on({ health: over, statistics: given })).text).toMatch(/^Better again/);
  });

  it('names a bitrate that would help', () => {
    const slow = health({ level: 'fair', cause: 'network', droppedRatio: 0.02 });
    expect(healthSentence(on({ health: slow })).detail).toContain('choose 2,000 kbit/s or less');
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

it('says for how long a server has not answered', () => {
  const outputs = [destination({ name: 'Church server', state: 'live', silentMs: 7_400 })];
  const silent = health({ level: 'poor', cause: 'silent' });
  const now: BroadcastSnapshot = { ...idle, state: 'live', outputs, health: silent };
  expect(healthSentence({ ...ready, stage: 'live', snapshot: now })).toMatchObject({
    tone: 'poor',
    text: 'Church server has not answered for 7 s. What is sent may not arrive.',
    detail: 'If that goes on, Tallylight connects again by itself.',
  });
});
