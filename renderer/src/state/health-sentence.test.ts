import {
  describeError,
  type BroadcastSnapshot,
  type Health,
  type Step,
} from '@tallylight/contract';
import type { Language } from '@tallylight/messages';
import { describe, expect, it } from 'vitest';
import { destination, statistics } from '../../test/snapshots.js';
import { windowMessages } from './messages-store.js';
import { healthSentence, type HealthSentenceInput } from './health-sentence.js';
import { health, idle, published, ready } from '../../test/sentence-inputs.js';

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

  it('is not good where viewers see that something is wrong, and says that first', () => {
    const since = new Date(2026, 10, 30, 20, 15, 9).getTime();
    const watched = (level: 'good' | 'poor', outputId: string, language: Language = 'en') =>
      healthSentence({
        ...on({
          outputs: [destination({ id: 'church' })],
          health: health({
            level,
            ...(level === 'poor' && { cause: 'network', droppedRatio: 0.2 }),
          }),
        }),
        seen: { outputId, faults: [{ type: 'black', since }] },
        messages: windowMessages(language),
      });
    expect(watched('good', 'church')).toMatchObject({ tone: 'fair', word: 'Fair.' });
    expect(watched('good', 'church').text).toMatch(
      /^What comes back from .+ has been black since 20:15:09\.$/,
    );
    expect(watched('poor', 'church')).toMatchObject({ tone: 'poor' });
    expect(watched('poor', 'church').text).toMatch(
      /has been black since 20:15:09\. The network is slow/,
    );
    expect(watched('good', 'gone').tone).toBe('good');
    // The name as in every other sentence.
    expect(watched('good', 'church', 'zh-CN').text).toMatch(/^从“.+”返回的画面自/);
  });

  it('does not say that every frame arrives beside a figure of lost ones', () => {
    const good = health({});
    const lost = statistics({ droppedFrames: 1 });
    const sent = destination({ framesSent: 900, goLiveMs: 900 });
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

  it.each([
    ['failed', { state: 'failed' }],
    ['reconnecting', { state: 'reconnecting' }],
    ['silent', { silentMs: 3_000 }],
  ] as const)('tells of what is lost here, too, while one is %s', (cause, of) => {
    const outputs = [destination({ id: 'a', name: 'Twitch' }), destination({ id: 'b', ...of })];
    const told = (patch: Partial<Health>) =>
      healthSentence(on({ outputs, health: health({ level: 'poor', cause, ...patch }) })).text;
    expect(told({ lostRatio: 0.12 })).toContain(
      'The computer is too slow: 12.0 % of the frames of the last 10 seconds were lost.',
    );
    expect(told({ droppedRatio: 0.3 })).toContain(
      '30.0 % of the frames of the last 10 seconds were dropped.',
    );
    expect(told({ lostRatio: 0.005 })).not.toContain('lost');
  });

  it('says why one has it not beside who that is, and of which of several', () => {
    const lastError = describeError('CONNECTION_REFUSED', { host: 'church.example', port: 1935 });
    const outputs = [
      destination({ id: 'a', name: 'Twitch', state: 'live' }),
      destination({ id: 'b', name: 'Church', state: 'failed', lastError }),
    ];
    const given = health({ level: 'poor', cause: 'failed', lostRatio: 0.12 });
    const one = healthSentence(on({ outputs, health: given })).text;
    expect(one).toMatch(
      /^Live on 1 of 2: not on Church\. church\.example refused .+\. The computer is too slow: /,
    );
    const more = [...outputs, destination({ id: 'c', name: 'Choir', state: 'reconnecting' })];
    expect(healthSentence(on({ outputs: more, health: given })).text).toMatch(
      /^Live on 1 of 3: not on Church and Choir\. Church: church\.example refused .+\. The computer/,
    );
  });

  it('counts who has it where some have not, and names those, whatever else it says', () => {
    const outputs = [
      destination({ id: 'a', name: 'Twitch', state: 'live' }),
      destination({ id: 'b', name: 'Church', state: 'failed' }),
      destination({ id: 'c', name: 'Choir', state: 'reconnecting' }),
      destination({ id: 'd', name: 'Chapel', state: 'live' }),
      destination({ id: 'e', name: 'Ended', state: 'stopped' }),
    ];
    const some = on({ outputs, health: health({}) });
    expect(healthSentence(some).text).toMatch(/^Live on 2 of 4: not on Church and Choir\. Every/);
    const chinese = { ...some, messages: windowMessages('zh-CN') };
    expect(healthSentence(chinese).text).toMatch(
      /^4 个目的地中有 2 个在直播，“Church”和“Choir”没有。/,
    );
    const all = on({ outputs: outputs.slice(3), health: health({}) });
    expect(healthSentence(all).text).toBe('Every frame is sent.');
  });

  it('says what viewers see while a stream that is sent on is away', () => {
    const few = health({ level: 'fair', cause: 'camera', fps: 22, cameraFps: 22 });
    const said = (presence: 'slate' | 'paused' | 'live', patch = few) =>
      healthSentence(on({ presence, health: patch }));
    expect(said('slate')).toMatchObject({
      ...{ tone: 'fair', text: 'The stream is away: viewers see “Back in a moment”.' },
    });
    expect(said('paused', health({}))).toMatchObject({
      ...{ tone: 'fair', text: 'The stream is away: viewers see nothing new.' },
    });
    expect(said('live').text).toContain('22 of 30');
    // What viewers lose of the slate, too, is worse.
    const slow = health({ level: 'poor', cause: 'network', droppedRatio: 0.2 });
    expect(said('slate', slow)).toMatchObject({ tone: 'poor' });
    expect(said('slate', slow).text).toContain('The network is slow');
  });

  it('advises no other bitrate where nobody encodes', () => {
    const slow = health({ level: 'poor', cause: 'network', droppedRatio: 0.2 });
    expect(healthSentence(on({ health: slow })).detail).toContain('kbit/s');
    const copied = { ...on({ health: slow }), wanted: { fps: 25 } };
    expect(healthSentence(copied).detail).not.toContain('kbit/s');
  });

  it('says for whom the picture is encoded with less, that this is not good, and gives no advice against it', () => {
    const outputs = ['Twitch', 'Church', 'Choir'].map((name) => destination({ id: name, name }));
    const picture = {
      ...{ asked: 1_100_000, limit: 2_500_000, adaptation: 'drop-slowest' as const },
      ...{ loweredFor: ['Twitch'], overruled: [] },
    };
    const lowered = (patch: object = {}, level: object = {}): HealthSentenceInput =>
      on({ outputs, health: health(level), videoBitrate: { ...picture, ...patch } });
    expect(healthSentence(lowered())).toMatchObject({
      ...{ tone: 'fair', word: 'Fair.', detail: 'Every frame is sent.' },
      text: 'The network to Twitch is slow: the picture is encoded at 1,100 of 2,500 kbit/s.',
    });
    const all = lowered({ loweredFor: ['Twitch', 'Church', 'Choir'] });
    expect(healthSentence(all).text).toContain('The network to Twitch, Church, and Choir is slow');
    const chinese = { ...lowered(), messages: windowMessages('zh-CN') };
    expect(healthSentence(chinese).text).toBe(
      '到“Twitch”的网络较慢：视频码率已降到 1,100 kbit/s（上限 2,500 kbit/s）。',
    );
    const worse = { level: 'poor', cause: 'network', droppedRatio: 0.2 };
    expect(healthSentence(lowered({}, worse))).toMatchObject({
      tone: 'poor',
      text: expect.stringMatching(/ 1,100 of 2,500 kbit\/s\. 20\.0 % of/) as string,
    });
    expect(healthSentence(lowered({}, worse)).detail).not.toContain('kbit/s');
    expect(healthSentence(lowered({ loweredFor: [], overruled: ['Choir'] })).text).toBe(
      'The network to Choir is far slower than the others: what it does not take is dropped there alone.',
    );
    // On its way up to a limit that was raised it is less for nobody.
    expect(healthSentence(lowered({ loweredFor: [] })).text).toBe('Every frame is sent.');
    // Where it follows no network, the slider is what helps.
    expect(healthSentence(lowered({ adaptation: 'off', loweredFor: [] }, worse)).detail).toContain(
      'Lower the video bitrate limit to 2,000 kbit/s or less.',
    );
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
  const several = [...outputs, destination({ name: 'Choir', state: 'live', silentMs: 8_100 })];
  const both = { ...now, outputs: several };
  expect(healthSentence({ ...ready, stage: 'live', snapshot: both }).text).toBe(
    'Church server and Choir have not answered for 7 to 8 s. What is sent may not arrive.',
  );
});
