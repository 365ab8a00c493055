import { FfmpegLocator, listDevices, listEncoders } from '@tallylight/engine';
import type { CameraMode } from '@tallylight/contract';
import type { Command } from 'commander';
import type { CliDependencies, CommandResult } from '../../cli-dependencies.js';
import type { Output } from '../../output.js';

export function registerDevices(program: Command, deps: CliDependencies): void {
  program
    .command('devices')
    .description('list cameras, microphones, their modes, and the encoders that work')
    .option('--json', 'one JSON object a line on stdout')
    .action((options: { json?: boolean }) =>
      deps.run({ json: options.json === true }, (output) => devices(deps, output)),
    );
}

async function devices(deps: CliDependencies, output: Output): Promise<CommandResult> {
  const ffmpeg = await new FfmpegLocator({ env: deps.environment }).find();
  output.progress('Looking for devices, trying the encoders…');
  const { cameras, microphones } = await listDevices(ffmpeg);
  const encoders = await listEncoders(ffmpeg);

  output.say('Cameras');
  if (cameras.length === 0) output.say('  none');
  for (const { id, label, modes } of cameras) {
    output.say(`  camera:${id}  ${label}`);
    for (const mode of modes) output.say(`    ${describeMode(mode)}`);
  }
  output.say('Microphones');
  if (microphones.length === 0) output.say('  none');
  for (const { id, label } of microphones) output.say(`  mic:${id}  ${label}`);
  output.say('Encoders');
  for (const { name, hardware, usable, reason } of encoders) {
    const verdict = usable ? '✓' : `✗ ${reason ?? 'does not work here'}`;
    output.say(`  ${name}${hardware ? ' (hardware)' : ''}  ${verdict}`);
  }
  return {
    summary: {
      ...{ cameras, microphones, encoders },
      ffmpeg: { path: ffmpeg.path, origin: ffmpeg.origin, version: ffmpeg.version },
    },
  };
}

const describeMode = ({ width, height, fps, format }: CameraMode): string =>
  `${width}×${height}  ${format}${fps && fps.length > 0 ? `  ${fps.join(', ')} fps` : ''}`;
