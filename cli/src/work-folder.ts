import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where nginx makes its folder unless it is told: where everybody has a place that others cannot put anything into, as
 * they can into /tmp.
 */
export const defaultWorkFolder = (environment: NodeJS.ProcessEnv): string =>
  process.getuid?.() === 0 ? '/var/lib' : (environment['HOME'] ?? homedir());

/**
 * The folder that nginx makes. Never one that was named: nginx, when root starts it, hands it over to the account of its
 * workers. Each RTMP port has its own, for several on one machine.
 */
export const nginxFolder = (workFolder: string, port: number): string =>
  join(workFolder, `tallylight-nginx-${port}`);
