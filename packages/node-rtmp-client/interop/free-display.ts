import { PeerProcess } from './peer-process.js';

export interface Display {
  /** As `DISPLAY` has it. */
  readonly name: string;
  stop(): Promise<void>;
}

/** An X server without a screen, with a number that it has found itself. */
export async function freeDisplay(): Promise<Display> {
  // -displayfd 1: it writes the number to its stdout once it is ready.
  const peer = new PeerProcess(
    'Xvfb',
    ['-displayfd', '1', '-screen', '0', '1280x800x24', '-nolisten', 'tcp'],
    { deadlineMs: 120_000 },
  );
  await peer.says(/^\d+$/m);
  const [, number] = /^(\d+)$/m.exec(peer.output) ?? [];
  return { name: `:${number}`, stop: () => peer.stop() };
}
