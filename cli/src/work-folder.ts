import { homedir } from 'node:os';

/**
 * Where nginx makes its folder unless it is told: where everybody has a place that others cannot put anything into, as
 * they can into /tmp.
 */
export const defaultWorkFolder = (environment: NodeJS.ProcessEnv): string =>
  process.getuid?.() === 0 ? '/var/lib' : (environment['HOME'] ?? homedir());
