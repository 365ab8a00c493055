import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const runner = fileURLToPath(new URL('../../../shared/device-vm/run', import.meta.url));

/**
 * True where there is a kernel with a real V4L2 camera and ALSA card to be had: a virtual machine beside the
 * repository, which a user's clone does not have.
 */
export const hasDeviceVm = (): boolean => existsSync(runner);

/** Runs a command in the virtual machine; what it writes to `$DEVICE_VM_OUT` comes back in `out`. */
export function runInDeviceVm(
  command: readonly string[],
  options: { out: string; seconds: number },
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const args = ['--timeout', `${options.seconds}`, '--out', options.out, '--', ...command];
    const child = spawn(runner, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const collect = (data: Buffer): void => void (output += data.toString());
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}
