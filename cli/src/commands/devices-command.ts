import type { Command } from 'commander';
import type { CliDependencies } from '../cli-dependencies.js';
import type { DevicesOptions } from './devices/devices.js';

export function registerDevices(program: Command, deps: CliDependencies): void {
  program
    .command('devices')
    .description('list cameras, microphones, their modes, and the encoders that work')
    .option('--json', 'one JSON object a line on stdout')
    .action(async (options: DevicesOptions) => {
      const { runDevices } = await import('./devices/devices.js');
      await runDevices(options, deps);
    });
}
