import type { AppErrorInfo, ErrorData } from '@tallylight/contract';
import { remedies } from './common/remedies.en.js';
import { saidByOurServer } from './our-server-words.js';

export type SpecialRemedy = keyof typeof remedies;

/** Errors where the reason decides what helps, such as those of files that are only named. */
const byReason = new Set([
  ...['RECORDING_FAILED', 'FILE_UNWRITABLE', 'FILE_UNREADABLE', 'INVALID_OPTION'],
  ...['STREAM_REFUSED', 'NOT_RTMP', 'PORT_IN_USE'],
]);

/** What helps with this error in particular; `undefined` where it is what helps with all of its code. */
export function specialRemedy({ code, phase, data }: AppErrorInfo): SpecialRemedy | undefined {
  if (code === 'SERVER_SILENT') return phase === 'tls' ? 'silent-with-tls' : undefined;
  return byReason.has(code) ? remedyOfReason(data) : undefined;
}

/** The innermost reason says most. */
function remedyOfReason(data: ErrorData): SpecialRemedy | undefined {
  for (const given of [data['why'], data['reason']]) {
    const ours = typeof given === 'string' ? saidByOurServer(given) : undefined;
    const value = ours === undefined ? given : { reason: ours };
    if (typeof value !== 'object') continue;
    return Object.hasOwn(remedies, value.reason)
      ? (value.reason as SpecialRemedy)
      : remedyOfReason(value.data ?? {});
  }
  return undefined;
}
