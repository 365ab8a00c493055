import {
  describeError,
  longestLog,
  type BroadcastSnapshot,
  type DestinationStatus,
  type OutputStatus,
  type PictureBitrate,
  type RecordingStatus,
  type ReplayStatus,
} from '@tallylight/contract';
import { expect, test } from 'vitest';
import { BroadcastLog } from './broadcast-log.js';

const twitch: DestinationStatus = {
  ...{ type: 'rtmp', reach: 'public', id: '1', name: 'Twitch', url: 'rtmp://twitch.example/app' },
  ...{ state: 'connecting', steps: [], bytesSent: 0, framesSent: 0, framesDropped: 0 },
  ...{ framesMissed: 0, reconnects: 0 },
};

const snapshot = (
  outputs: readonly OutputStatus[],
  patch: Partial<BroadcastSnapshot> = {},
): BroadcastSnapshot => ({
  ...{ state: 'live', startedAt: 1, captureSteps: [], outputs: [...outputs] },
  ...patch,
});

/** What each snapshot, a second after the one before, adds. */
function told(...snapshots: readonly BroadcastSnapshot[]): string[][] {
  const log = new BroadcastLog();
  return snapshots.map((each, index) =>
    log
      .receive(each, 1_000 * index)
      .map(({ event, name, names, data, error }) =>
        [event, name, names?.join('+'), data && JSON.stringify(data), error?.code]
          .filter((part) => part !== undefined)
          .join(' '),
      ),
  );
}

test('a loss and the way back are told once, with how long it took and what viewers missed', () => {
  const lost = { ...twitch, state: 'reconnecting', lostAt: 2_000 } as const;
  const lastError = describeError('CONNECTION_LOST', { host: 'twitch.example' });
  expect(
    told(
      snapshot([twitch], { state: 'connecting' }),
      snapshot([{ ...twitch, state: 'live', goLiveMs: 820, framesMissed: 3 }]),
      snapshot([{ ...lost, lastError, framesMissed: 10 }]),
      snapshot([{ ...lost, lastError, framesMissed: 40 }]),
      snapshot([{ ...twitch, state: 'live', framesMissed: 60, lastError, reconnects: 1 }]),
      snapshot([{ ...twitch, state: 'live', framesMissed: 60, lastError, reconnects: 1 }]),
    ),
  ).toEqual([
    ['began'],
    ['destination-live Twitch {"milliseconds":820}'],
    ['destination-lost Twitch CONNECTION_LOST'],
    [],
    ['destination-back Twitch {"milliseconds":2000,"frames":57}'],
    [],
  ]);
});

test('destinations that come, go, fail, and are tried again', () => {
  const live = { ...twitch, state: 'live' } as const;
  const other = { ...twitch, id: '2', name: 'Kick' };
  const failed = {
    ...{ ...other, state: 'failed' as const },
    lastError: describeError('STREAM_REFUSED', { host: 'kick.example', reason: 'no' }),
  };
  expect(
    told(
      snapshot([live]),
      snapshot([live, other]),
      snapshot([live, failed]),
      snapshot([live, other]),
      snapshot([{ ...live, droppedBy: { network: 3, move: 4 } }, other]),
      snapshot([
        { ...live, moves: 1, url: 'rtmp://b.example/app', droppedBy: { network: 3, move: 7 } },
        other,
      ]),
      snapshot([
        { ...live, moves: 2, url: 'rtmp://c.example/app', droppedBy: { network: 9, move: 7 } },
        other,
      ]),
      snapshot([{ ...live, silentMs: 4_100 }, other]),
      snapshot([live]),
      snapshot([{ ...live, state: 'stopped' }]),
    ),
  ).toEqual([
    ['began', 'destination-live Twitch'],
    ['destination-added Kick'],
    ['destination-failed Kick STREAM_REFUSED'],
    ['destination-retried Kick'],
    [],
    ['destination-moved Twitch {"url":"rtmp://b.example/app","frames":7}'],
    ['destination-moved Twitch {"url":"rtmp://c.example/app","frames":0}'],
    ['destination-silent Twitch {"milliseconds":4100}'],
    ['destination-removed Kick'],
    ['destination-ended Twitch'],
  ]);
});

test('one that was not live yet and is tried again has a line, and goes live for the first time then', () => {
  const lastError = describeError('CLOSED_AT_PUBLISH', { host: 'twitch.example' });
  const waits = { ...twitch, lastError, lostAt: 1_000, waiting: { attempt: 1, until: 2_000 } };
  const live = { ...twitch, lastError, state: 'live', goLiveMs: 2_100 } as const;
  const connecting = { state: 'connecting' } as const;
  expect(
    told(
      snapshot([twitch], connecting),
      snapshot([waits], connecting),
      snapshot([waits], connecting),
      snapshot([{ ...twitch, lastError, lostAt: 1_000 }], connecting),
      snapshot([live]),
    ).slice(1),
  ).toEqual([
    ['destination-postponed Twitch CLOSED_AT_PUBLISH'],
    [],
    [],
    ['destination-live Twitch {"milliseconds":2100}'],
  ]);
});

test('one that failed or was ended, and is wanted again, is live after the time since then', () => {
  const lastError = describeError('CONNECTION_LOST', { host: 'twitch.example' });
  const live = { ...twitch, state: 'live', goLiveMs: 820 } as const;
  const again = { ...twitch, goLiveMs: 820 };
  expect(
    told(
      snapshot([live]),
      snapshot([{ ...live, state: 'failed', lastError }]),
      snapshot([again]),
      snapshot([again]),
      snapshot([live]),
      snapshot([{ ...live, state: 'stopped' }]),
      snapshot([again]),
      snapshot([live]),
    ).slice(1),
  ).toEqual([
    ['destination-failed Twitch CONNECTION_LOST'],
    ['destination-retried Twitch'],
    [],
    ['destination-live Twitch {"milliseconds":2000}'],
    ['destination-ended Twitch'],
    ['destination-restarted Twitch'],
    ['destination-live Twitch {"milliseconds":1000}'],
  ]);
});

test('the end of all is one line, and not one for each destination', () => {
  const live = { ...twitch, state: 'live' } as const;
  const stopped = { ...twitch, state: 'stopped' } as const;
  const error = describeError('CAMERA_NOT_FOUND', { name: 'Camera' });
  expect(
    told(
      snapshot([live]),
      snapshot([live], { state: 'stopping' }),
      snapshot([stopped], { state: 'stopping', error }),
      snapshot([stopped], { state: 'ended', error }),
    ).slice(1),
  ).toEqual([[], [], ['ended CAMERA_NOT_FOUND']]);
});

test('recordings, the replay, the bitrate and a source that is away', () => {
  const file: RecordingStatus = {
    ...{ type: 'recording', reach: 'local', id: 'r', name: 'show.mp4', path: '/show.mp4' },
    ...{ state: 'connecting', bytes: 0 },
  };
  const replay: ReplayStatus = {
    ...{ type: 'replay', reach: 'memory', id: 'p', name: 'replay', state: 'live' },
    ...{ seconds: 30, heldMs: 0, heldBytes: 0 },
  };
  const usual: PictureBitrate = {
    ...{ asked: 2_500_000, limit: 2_500_000, adaptation: 'drop-slowest' },
    ...{ loweredFor: [], overruled: [] },
  };
  const live = { ...twitch, state: 'live' } as const;
  const lowered = { ...usual, asked: 900_000, loweredFor: ['1'] };
  const full = describeError('RECORDING_FAILED', { reason: 'full' });
  const written = { bytes: 700, durationMs: 2_000 };
  expect(
    told(
      snapshot([live, file, replay], { videoBitrate: usual }),
      snapshot([live, { ...file, state: 'live' }, replay], { videoBitrate: lowered }),
      snapshot([live, { ...file, state: 'live', isPaused: true }, replay], {
        videoBitrate: { ...lowered, asked: 700_000 },
      }),
      snapshot([live, { ...file, state: 'live' }, replay], { videoBitrate: usual }),
      snapshot([live, { ...file, ...written, state: 'failed', lastError: full }, replay], {
        ...{ videoBitrate: { ...usual, limit: 1_000_000 }, presence: 'slate' },
      }),
      snapshot([live, { ...file, ...written, state: 'failed', lastError: full }, replay], {
        ...{ videoBitrate: { ...usual, limit: 1_000_000 }, presence: 'live' },
      }),
    ),
  ).toEqual([
    ['began', 'destination-live Twitch'],
    ['recording-began show.mp4 {"path":"/show.mp4"}', 'bitrate-lowered Twitch {"bitrate":900000}'],
    ['recording-paused show.mp4'],
    ['recording-resumed show.mp4', 'bitrate-restored {"bitrate":2500000}'],
    [
      'recording-failed show.mp4 {"path":"/show.mp4","bytes":700,"milliseconds":2000} RECORDING_FAILED',
      'bitrate-limit {"bitrate":1000000}',
      'source-away',
    ],
    ['source-back'],
  ]);
});

test('of several recordings each is ended in a line of its own, with its file and what is in it', () => {
  const live = { ...twitch, state: 'live' } as const;
  const recording = (id: string, patch: Partial<RecordingStatus>): RecordingStatus => ({
    ...{ type: 'recording', reach: 'local', id, name: 'show.mp4', path: `/${id}/show.mp4` },
    ...{ state: 'live', bytes: 0 },
    ...patch,
  });
  const [a, b] = [recording('a', {}), recording('b', {})];
  const ended = { state: 'stopped', bytes: 900, durationMs: 3_000 } as const;
  const endedA = { ...a, ...ended, isPaused: true };
  const endedB = { ...b, ...ended, bytes: 700, otherPaths: ['/b/show-2.mp4'] };
  expect(
    told(
      snapshot([live, a, b]),
      snapshot([live, { ...a, bytes: 500, isPaused: true }, { ...b, bytes: 500 }]),
      snapshot([live, endedA, { ...b, bytes: 600 }]),
      snapshot([live, endedA, { ...b, otherPaths: ['/b/show-2.mp4'] }]),
      snapshot([live, endedA, endedB]),
    ).slice(1),
  ).toEqual([
    ['recording-paused show.mp4'],
    ['recording-ended show.mp4 {"path":"/a/show.mp4","bytes":900,"milliseconds":3000}'],
    ['recording-continued show.mp4 {"path":"/b/show-2.mp4"}'],
    ['recording-ended show.mp4 {"path":"/b/show.mp4","bytes":700,"milliseconds":3000,"files":2}'],
  ]);
});

test('every replay has a line with its file, though several were saved between two snapshots', () => {
  const replay: ReplayStatus = {
    ...{ type: 'replay', reach: 'memory', id: 'p', name: 'replay', state: 'live' },
    ...{ seconds: 30, heldMs: 0, heldBytes: 0 },
  };
  const save = (name: string) => ({
    ...{ name: `${name}.mp4`, path: `/x/${name}.mp4` },
    ...{ bytes: 10, durationMs: 30_000 },
  });
  const error = describeError('RECORDING_FAILED', { reason: 'full' });
  const saves = [save('one'), save('two'), { ...save('three'), error }];
  expect(
    told(
      snapshot([replay]),
      snapshot([{ ...replay, isSaving: true }]),
      snapshot([{ ...replay, saves, saveCount: 3 }]),
      // By then the oldest are forgotten.
      snapshot([{ ...replay, saves: [...saves.slice(2), save('four')], saveCount: 4 }]),
    ).slice(1),
  ).toEqual([
    [],
    [
      'replay-saved one.mp4 {"path":"/x/one.mp4","bytes":10,"milliseconds":30000}',
      'replay-saved two.mp4 {"path":"/x/two.mp4","bytes":10,"milliseconds":30000}',
      'replay-failed three.mp4 RECORDING_FAILED',
    ],
    ['replay-saved four.mp4 {"path":"/x/four.mp4","bytes":10,"milliseconds":30000}'],
  ]);
});

test('the end of a show whose recording goes on is a line, and the end of the recording is none of it', () => {
  const live = { ...twitch, state: 'live' } as const;
  const file: RecordingStatus = {
    ...{ type: 'recording', reach: 'local', id: 'r', name: 'show.mp4', path: '/show.mp4' },
    ...{ state: 'live', bytes: 0 },
  };
  const kept = { state: 'stopped', bytes: 9, durationMs: 70_000 } as const;
  const off = { ...twitch, state: 'stopped' } as const;
  expect(
    told(
      snapshot([file], { state: 'recording' }),
      snapshot([live, file]),
      snapshot([off, file], { state: 'recording', onAirMs: 61_000 }),
      snapshot([off, file], { state: 'recording', onAirMs: 61_000 }),
      snapshot([off, { ...file, ...kept }], { state: 'ended', onAirMs: 61_000 }),
    ),
  ).toEqual([
    ['recording-began show.mp4 {"path":"/show.mp4"}'],
    ['destination-added Twitch', 'destination-live Twitch', 'on-air'],
    ['destination-ended Twitch', 'off-air {"milliseconds":61000}'],
    [],
    ['recording-ended show.mp4 {"path":"/show.mp4","bytes":9,"milliseconds":70000}'],
  ]);
});

test('what is only recorded neither begins nor ends a broadcast, but why it ended is told once', () => {
  const file: RecordingStatus = {
    ...{ type: 'recording', reach: 'local', id: 'r', name: 'show.mp4', path: '/show.mp4' },
    ...{ state: 'live', bytes: 9, durationMs: 7_000 },
  };
  const written = '{"path":"/show.mp4","bytes":9,"milliseconds":7000}';
  const gone = describeError('CAMERA_NOT_FOUND', { name: 'Camera' });
  const full = describeError('RECORDING_FAILED', { reason: 'full' });
  const ends = (state: 'stopped' | 'failed', error?: typeof gone): string[][] => {
    const over = { ...file, state, ...(state === 'failed' && error && { lastError: error }) };
    const why = error && { error };
    return told(
      snapshot([{ ...file, state: 'connecting' }], { state: 'connecting' }),
      snapshot([file], { state: 'recording' }),
      snapshot([file], { state: 'stopping', ...why }),
      snapshot([over], { state: 'ended', ...why }),
    ).toSpliced(1, 2);
  };
  expect(ends('stopped')).toEqual([[], [`recording-ended show.mp4 ${written}`]]);
  expect(ends('stopped', gone)).toEqual([
    [],
    [`recording-ended show.mp4 ${written}`, 'recording-over CAMERA_NOT_FOUND'],
  ]);
  expect(ends('failed', full)).toEqual([
    [],
    [`recording-failed show.mp4 ${written} RECORDING_FAILED`],
  ]);
  // A show that ends together with what records it is one.
  const live = { ...twitch, state: 'live' } as const;
  expect(
    told(
      snapshot([live, file]),
      snapshot([live, file], { state: 'stopping' }),
      snapshot(
        [
          { ...live, state: 'stopped' },
          { ...file, state: 'stopped' },
        ],
        { state: 'ended' },
      ),
    ).at(-1),
  ).toEqual([`recording-ended show.mp4 ${written}`, 'ended']);
});

test('one that is begun again is neither taken out nor added, whether its way is seen or not', () => {
  const live = { ...twitch, state: 'live' } as const;
  const kick = { ...twitch, id: '2', name: 'Kick', state: 'live' } as const;
  const failed = {
    ...{ ...kick, state: 'failed' as const },
    lastError: describeError('STREAM_REFUSED', { host: 'kick.example', reason: 'no' }),
  };
  const again = { ...kick, state: 'connecting' } as const;
  expect(
    told(
      snapshot([live, kick]),
      snapshot([live, { ...kick, state: 'stopped' }]),
      snapshot([live]),
      snapshot([live, again]),
      snapshot([live, { ...kick, state: 'stopped' }]),
      snapshot([live, again]),
      snapshot([live, failed]),
      snapshot([live]),
      snapshot([live, again]),
      snapshot([live, failed]),
      snapshot([live]),
      snapshot([live]),
      snapshot([live]),
    ).slice(1),
  ).toEqual([
    ['destination-ended Kick'],
    [],
    ['destination-restarted Kick'],
    ['destination-ended Kick'],
    ['destination-restarted Kick'],
    ['destination-failed Kick STREAM_REFUSED'],
    [],
    ['destination-restarted Kick'],
    ['destination-failed Kick STREAM_REFUSED'],
    // Taken out for good, as the next shows.
    [],
    ['destination-removed Kick'],
    [],
  ]);
});

test('one that is begun again in the next show took as long as it says, whatever it was retried before', () => {
  const live = { ...twitch, state: 'live' } as const;
  const file: RecordingStatus = {
    ...{ type: 'recording', reach: 'local', id: 'r', name: 'show.mp4', path: '/show.mp4' },
    ...{ state: 'live', bytes: 0 },
  };
  const lastError = describeError('CONNECTION_LOST', { host: 'live.example.org', reason: 'no' });
  expect(
    told(
      snapshot([{ ...live, state: 'failed', lastError }, file]),
      snapshot([{ ...live, state: 'connecting' }, file]),
      snapshot([live, file]),
      snapshot([{ ...live, state: 'stopped' }, file], { state: 'recording' }),
      snapshot([file], { state: 'recording' }),
      snapshot([{ ...twitch, state: 'connecting' }, file], { state: 'recording' }),
      snapshot([{ ...live, goLiveMs: 1_500 }, file]),
    ).slice(-2),
  ).toEqual([
    ['destination-restarted Twitch'],
    ['destination-live Twitch {"milliseconds":1500}', 'on-air'],
  ]);
});

test('several for which the bitrate is lowered are told by their names, which the language lists', () => {
  const usual: PictureBitrate = {
    ...{ asked: 2_500_000, limit: 2_500_000, adaptation: 'protect-all' },
    ...{ loweredFor: [], overruled: [] },
  };
  const [one, two] = [
    { ...twitch, state: 'live' } as const,
    { ...twitch, id: '2', name: 'Kick, too', state: 'live' } as const,
  ];
  expect(
    told(
      snapshot([one, two], { videoBitrate: usual }),
      snapshot([one, two], { videoBitrate: { ...usual, asked: 900_000, loweredFor: ['1', '2'] } }),
    ).at(-1),
  ).toEqual(['bitrate-lowered Twitch+Kick, too {"bitrate":900000}']);
});

test('the newest lines are kept, and another broadcast begins anew', () => {
  const log = new BroadcastLog();
  const live = { ...twitch, state: 'live' } as const;
  log.receive(snapshot([live]), 0);
  for (let at = 1; at <= longestLog; at += 1) {
    log.receive(snapshot([{ ...live, moves: at }]), at);
  }
  expect(log.entries).toHaveLength(longestLog);
  expect(log.entries.at(-1)?.at).toBe(longestLog);
  log.receive(snapshot([twitch], { startedAt: 2 }), 5_000);
  expect(log.entries.map(({ event }) => event)).toEqual(['began']);
});
