import {
  describeError,
  fileListId,
  noMicrophoneId,
  testBeepId,
  testPictureId,
  type BroadcastSnapshot,
} from '@tallylight/contract';
import { describe, expect, it } from 'vitest';
import { destination, statistics } from '../../test/snapshots.js';
import { windowMessages } from './messages-store.js';
import { readinessOf } from './readiness.js';
import { healthSentence } from './health-sentence.js';
import {
  but,
  butTarget,
  draft,
  idle,
  messages,
  profile,
  published,
  ready,
} from '../../test/sentence-inputs.js';

describe('the health sentence off air', () => {
  it('is ready and says where it goes', () => {
    expect(healthSentence(ready)).toMatchObject({
      word: 'Ready.',
      detail: 'Goes to Church server, rtmp://church.example/live',
    });
    const shownUrl = `rtmp://church.example/${'a'.repeat(2000)}/end`;
    const { detail } = healthSentence(butTarget({ profile: { ...profile, shownUrl } }));
    expect(detail).toMatch(/^Goes to Church server, rtmp:\/\/church.example\/a+…a+\/end$/);
    expect(detail.length).toBeLessThan(120);
    expect(healthSentence(butTarget({ draft: { ...draft, name: 'Church' } }))).toMatchObject({
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

  it('does not call a list of files ready of which one is left out', () => {
    const files = { selection: { cameraId: fileListId, microphoneId: '' } };
    expect(healthSentence(but(files)).word).toBe('Ready.');
    expect(healthSentence(but({ ...files, isFileLeftOut: true }))).toMatchObject({
      tone: 'fair',
      word: 'Not every file can be played.',
      text: 'What is marked in the list is left out.',
    });
  });

  it('says that files are being read, and does not call them ready before', () => {
    const reading = {
      selection: { cameraId: fileListId, microphoneId: '' },
      picture: { type: 'opening' as const },
    };
    expect(healthSentence(but(reading))).toMatchObject({
      ...{ tone: 'busy', text: 'The files are being read.' },
    });
  });

  it('says that a list has come to its end, and nothing of the kind after Stop', () => {
    const ended = { ...idle, state: 'ended' as const, liveAt: 1, capturedBy: 'files' as const };
    const textOf = (snapshot: BroadcastSnapshot) => healthSentence({ ...ready, snapshot }).text;
    expect(textOf({ ...ended, isPlayedOut: true })).toMatch(/^The list has come to its end\. /);
    expect(textOf(ended)).not.toContain('list');
  });

  it('says that there is no stream key until one is typed, but does not forbid to go live', () => {
    const keyless = { ...profile, hasKey: false };
    const without = { profile: keyless, draft };
    expect(healthSentence(butTarget(without))).toMatchObject({
      word: 'No stream key.',
      text: 'Most servers want a stream key, but you can go live all the same.',
    });
    expect(readinessOf(butTarget(without).ready).missing).toEqual([]);
    const typed = { ...without, draft: { ...draft, streamKey: 'live_1' } };
    expect(healthSentence(butTarget(typed)).word).toBe('Ready.');
    const cleared = { draft: { ...draft, streamKey: ' ' } };
    expect(healthSentence(butTarget(cleared)).word).toBe('No stream key.');
  });

  it('counts all that is missing', () => {
    const empty = { profile: undefined, draft: { name: '', serverUrl: ' ', streamKey: '' } };
    expect(healthSentence(butTarget(empty))).toMatchObject({
      word: 'Not ready.',
      text: '2 things are missing: a name for the profile and a server URL.',
    });
    const error = describeError('CAMERA_DENIED');
    const { targets } = butTarget(empty).ready;
    const denied = but({ targets, picture: { type: 'failed', error } });
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
        const given = butTarget({ draft: { ...draft, serverUrl } });
        const said = healthSentence({ ...given, snapshot });
        expect(said.word).toBe('Not ready.');
        expect(said.text).toMatch(/^The server URL ".*" is not an RTMP address: /);
        expect(said.text).toContain(why);
        expect(said.detail).toMatch(/^Use the form rtmp:/);
      }
    }
    const full = butTarget({
      draft: { ...draft, serverUrl: '主播：rtmp：／／church.example/live' },
    });
    expect(healthSentence(full).word).toBe('Ready.');
    const empty = { name: '', serverUrl: 'http://x', streamKey: '' };
    expect(healthSentence(butTarget({ profile: undefined, draft: empty })).text).toMatch(
      / and a server URL that is an RTMP/,
    );
  });

  it('says after a broadcast where the next one goes', () => {
    const outputs = [destination({ id: 'chapel', name: 'Chapel', goLiveMs: 900 })];
    const last = { ...idle, state: 'ended', liveAt: 1, onAirMs: 9_000, outputs } as const;
    expect(healthSentence({ ...ready, snapshot: last }).detail).toBe(
      'It went to Chapel. The next goes to Church server, rtmp://church.example/live',
    );
    const changed = butTarget({ draft: { ...draft, name: 'Church' } });
    expect(healthSentence({ ...changed, snapshot: last }).detail).toMatch(/unsaved changes/);
    const test = but({ selection: { cameraId: testPictureId, microphoneId: testBeepId } });
    expect(healthSentence({ ...test, snapshot: last }).detail).toMatch(
      /^Only a test\..* The next goes to Church server/,
    );
  });

  it('names those once to which the last one went and the next one goes', () => {
    const outputs = [destination({ goLiveMs: 900 })];
    const cancelled = { ...idle, state: 'ended', outputs } as const;
    const detailOf = (snapshot: BroadcastSnapshot) => healthSentence({ ...ready, snapshot }).detail;
    expect(detailOf({ ...cancelled, liveAt: 1 })).toBe(
      'It went to Church server, as the next will.',
    );
    expect(detailOf({ ...cancelled, outputs: [destination()] })).toBe(
      'It was for Church server, as the next is.',
    );
    const removed = [destination({ id: 'chapel', name: 'Chapel', goLiveMs: 900 })];
    expect(detailOf({ ...cancelled, liveAt: 1, removed })).toMatch(
      /^It went to Church server and Chapel\. The next goes to Church server, /,
    );
  });

  it('names only those to which it went, and the others as such', () => {
    const live = destination({ goLiveMs: 900 });
    const never = destination({ id: 'chapel', name: 'Chapel', state: 'failed', framesSent: 9 });
    const last: BroadcastSnapshot = {
      ...{ ...idle, state: 'ended', liveAt: 1 },
      outputs: [live, never],
    };
    const detailOf = (snapshot: BroadcastSnapshot, language: 'en' | 'zh-CN' = 'en') =>
      healthSentence({ ...ready, snapshot, messages: windowMessages(language) }).detail;
    expect(detailOf(last)).toMatch(/^It went to Church server, not to Chapel\. The next goes to /);
    expect(detailOf(last, 'zh-CN')).toMatch(/^已推流到.*Church server.*，没有推到.*Chapel.*。/);
    // It was started again under its name, and ended before it was live once more.
    const again = { ...last, outputs: [destination({ state: 'failed' })], removed: [live] };
    expect(detailOf(again)).toBe('It went to Church server, as the next will.');
  });

  it('is not ready with a profile that was not saved, and says why', () => {
    const problem = describeError('PROFILE_NAME_TAKEN', { profile: 'Church server' });
    expect(healthSentence(butTarget({ draft, problem }))).toMatchObject({
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
    const outputs = [
      destination({ goLiveMs: 900, framesSent: 700, framesDropped: 0, framesMissed: 1070 }),
    ];
    expect(healthSentence({ ...ready, snapshot: { ...ended, outputs } }).text).toBe(
      '00:12:34 on air, 0 kB sent. Up to 60.5 % of the frames were lost, 1,070 of them while a server was away.',
    );
    const away = { outputs: [destination({ state: 'stopped', goLiveMs: 900, lostAt: 5 })] };
    expect(healthSentence({ ...ready, snapshot: { ...ended, ...away } }).word).toBe(
      'Ended while the connection was lost.',
    );
    const slow = { outputs: [destination({ goLiveMs: 900, framesSent: 997, framesDropped: 3 })] };
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

  describe('with several destinations, or none', () => {
    const choir = { ...profile, id: 'choir', name: 'Choir', hasKey: false };
    const target = { profile, draft: undefined, problem: undefined };
    const other = { ...target, profile: choir };

    it('is not ready without one that is ticked, or with too many, and says what to do', () => {
      expect(healthSentence(but({ targets: [] }))).toMatchObject({
        ...{ tone: 'fair', word: 'Not ready.', text: 'No destination is ticked.' },
        detail: 'Tick one under “Destinations”, or make a new profile there.',
      });
      const chinese = { ...but({ targets: [] }), messages: windowMessages('zh-CN') };
      expect(healthSentence(chinese).text).toBe('没有勾选推流目的地。');
      const many = Array.from({ length: 17 }, () => target);
      expect(healthSentence(but({ targets: many })).text).toMatch(/^17 .*; 16 at once is the most/);
      expect(healthSentence(but({ targets: many.slice(1) })).word).toBe('Ready.');
    });

    it('names them, and of each what is wrong with it', () => {
      const keyed = { ...other, profile: { ...choir, hasKey: true } };
      expect(healthSentence(but({ targets: [target, keyed] }))).toMatchObject({
        ...{ word: 'Ready.', detail: 'Goes to Church server and Choir.' },
      });
      expect(healthSentence(but({ targets: [target, other] }))).toMatchObject({
        word: 'No stream key.',
        text: 'None for Choir. Most servers want one, but you can go live all the same.',
      });
      const broken = { ...other, draft: { ...draft, id: 'choir', name: 'Choir', serverUrl: 'x' } };
      const said = healthSentence(but({ targets: [target, broken] }));
      expect(said.text).toMatch(/^Choir: The server URL ".*" is not an RTMP address/);
      const both = but({ targets: [target, { ...broken, draft: { name: '', serverUrl: '' } }] });
      expect(healthSentence(both).text).toBe(
        '2 things are missing: Choir: a name for the profile and Choir: a server URL.',
      );
      const unsaved = { ...other, draft: { ...draft, id: 'choir', name: 'Choir 2' } };
      expect(healthSentence(but({ targets: [target, unsaved], unsaved })).detail).toBe(
        'Choir 2 has unsaved changes; Go Live saves them first.',
      );
    });
  });
});
