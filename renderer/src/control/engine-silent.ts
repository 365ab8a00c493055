import { describeError } from '@tallylight/contract';

/** What an engine that does not answer is reported as. */
export const engineSilent = (): Error =>
  Object.assign(new Error('no answer'), { info: describeError('ENGINE_GONE') });
