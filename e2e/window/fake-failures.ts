import {
  describeError,
  reason,
  type AppErrorInfo,
  type RecordingStatus,
} from '@tallylight/contract';

export const refusal = describeError(
  'STREAM_REFUSED',
  { host: 'live.example.tv', reason: 'Invalid stream key' },
  'publish',
);

export const closed = describeError(
  'CLOSED_AFTER_PUBLISH',
  { host: 'live.example.tv' },
  'acknowledged',
);
export const loss = describeError('CONNECTION_LOST', { host: 'live.example.tv', reason: 'reset' });
export const fullDisk: RecordingStatus = {
  ...{ type: 'recording', reach: 'local', id: 'recording', name: 'show.flv' },
  ...{ path: 'Videos/show.flv', bytes: 8_912_000, state: 'failed' },
  lastError: describeError('RECORDING_FAILED', {
    file: 'Videos/show.flv',
    reason: reason('disk-full'),
  }),
};

/** An error as the RPC library delivers it. */
export const failed = (data: AppErrorInfo): Error => Object.assign(new Error(data.code), { data });
