import type { Command } from 'commander';
import type { CliDependencies } from '../cli-dependencies.js';
import type { DevicesOptions } from './devices/devices.js';

export function registerDevices(program: Command, deps: CliDependencies): void {
  const { t } = deps.messages;
  program
    .command('devices')
    .description(t('cli.devices.description'))
    .option('--json', t('cli.options.json'))
    .action(async (options: DevicesOptions) => {
      const { runDevices } = await import('./devices/devices.js');
      await runDevices(options, deps);
    });
}
