import { stopsGrowing } from './file-growth.js';
import { PeerProcess, type PeerProcessOptions } from './peer-process.js';
import type { Playing } from './roles.js';

/**
 * A player that is another program and writes to a file. It is let end by itself, and is interrupted when nothing comes
 * any more: many servers do not tell players that a stream is over.
 */
export function recordingProcess(
  file: string,
  command: string,
  args: readonly string[],
  options?: PeerProcessOptions,
): Playing {
  const peer = new PeerProcess(command, args, options);
  return {
    finish: async () => {
      const quiet = stopsGrowing(file);
      quiet.catch(() => undefined);
      const end = await Promise.race([
        peer.finish().then(() => 'told' as const),
        quiet.then(() => 'interrupted' as const),
      ]);
      await peer.interrupt();
      return end;
    },
    stop: () => peer.stop('SIGKILL'),
  };
}
