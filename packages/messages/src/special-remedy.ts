import type { AppErrorInfo, ErrorData } from '@tallylight/contract';
import { remedies } from './common/remedies.en.js';

export type SpecialRemedy = keyof typeof remedies;

/** Errors of files that are only named, where the reason decides what helps. */
const ofFiles = new Set(['RECORDING_FAILED', 'FILE_UNWRITABLE', 'INVALID_OPTION']);

/** What helps with this error in particular; `undefined` where it is what helps with all of its code. */
export function specialRemedy({ code, phase, data }: AppErrorInfo): SpecialRemedy | undefined {
  if (code === 'SERVER_SILENT') return phase === 'tls' ? 'silent-with-tls' : undefined;
  return ofFiles.has(code) ? remedyOfReason(data) : undefined;
}

/** The innermost reason says most. */
function remedyOfReason(data: ErrorData): SpecialRemedy | undefined {
  for (const value of [data['why'], data['reason']]) {
    if (typeof value !== 'object') continue;
    return Object.hasOwn(remedies, value.reason)
      ? (value.reason as SpecialRemedy)
      : remedyOfReason(value.data ?? {});
  }
  return undefined;
}
