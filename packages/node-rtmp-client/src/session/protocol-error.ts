import { MalformedError } from '../bytes/malformed-error.js';
import { RtmpError, type RtmpPhase } from './rtmp-error.js';

/** What it means for a session that the peer's bytes could not be read. Throws what is no fault of the peer's. */
export function protocolError(error: unknown, phase: RtmpPhase): RtmpError {
  if (!(error instanceof MalformedError)) throw error;
  return new RtmpError('protocol', phase, error.message, {}, { cause: error });
}
