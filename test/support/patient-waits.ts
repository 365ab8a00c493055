import { vi } from 'vitest';

/**
 * A wait for something that is to happen ends in failure only so as not to hang for ever: vitest's default of a second
 * would fail on a busy machine. Loaded before every test file.
 */
const timeout = 30_000;

const { waitFor, waitUntil } = vi;

const patient = (options: Parameters<typeof waitFor>[1]): Parameters<typeof waitFor>[1] =>
  typeof options === 'number' ? options : { timeout, ...options };

// Files of one process share what vitest gives them.
const done = Symbol.for('tallylight.patient-waits');
if (!(done in vi)) {
  Object.assign(vi, { [done]: true });
  vi.waitFor = (callback, options) => waitFor(callback, patient(options));
  vi.waitUntil = (callback, options) => waitUntil(callback, patient(options));
}
