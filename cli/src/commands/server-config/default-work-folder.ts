import { homedir } from 'node:os';
import { posix } from 'node:path';

/**
 * Where nginx has its files unless it is told: in a folder that exists wherever nginx runs, and into which nobody else
 * can put anything, as everybody can into /tmp. Each RTMP port has a folder of its own, for several on one machine.
 */
export const defaultWorkFolder = (port: number | string, environment: NodeJS.ProcessEnv): string =>
  process.getuid?.() === 0
    ? `/var/lib/tallylight-nginx-${port}`
    : posix.join(environment['HOME'] ?? homedir(), `.tallylight-nginx-${port}`);
