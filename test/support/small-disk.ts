import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SmallDisk {
  readonly folder: string;
  /** Takes all that is free. */
  fill(): Promise<void>;
  remove(): void;
}

/** A file system of its own in memory. Only the superuser may mount one. */
export function mountSmallDisk(megabytes: number): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), 'tallylight-disk-'));
  const size = `size=${megabytes}m`;
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', size, 'tallylight', folder], { stdio: 'ignore' });
  } catch (error) {
    rmSync(folder, { recursive: true });
    throw error;
  }
  return {
    folder,
    fill: async () => {
      const file = await open(join(folder, 'filling'), 'wx');
      try {
        for (const bytes of [1024 * 1024, 4096]) {
          const piece = Buffer.alloc(bytes);
          for (let full = false; !full;) {
            full = await file.write(piece).then(
              ({ bytesWritten }) => bytesWritten < bytes,
              () => true,
            );
          }
        }
      } finally {
        await file.close();
      }
    },
    remove: () => {
      // Lazily: what a test has left open must not keep it.
      execFileSync('umount', ['-l', folder]);
      rmSync(folder, { recursive: true });
    },
  };
}

let canMount: boolean | undefined;

/** Whether {@link mountSmallDisk} works here. */
export function hasSmallDisk(): boolean {
  if (canMount === undefined) {
    try {
      mountSmallDisk(1).remove();
      canMount = true;
    } catch {
      canMount = false;
    }
  }
  return canMount;
}
