import { FfmpegLocator, listDevices, listEncoders } from '@tallylight/engine';
import type { CameraMode } from '@tallylight/contract';
import type { CliDependencies, CommandResult } from '../../cli-dependencies.js';
import type { Output } from '../../output.js';

export interface DevicesOptions {
  readonly json?: boolean;
}

export const runDevices = (options: DevicesOptions, deps: CliDependencies): Promise<void> =>
  deps.run({ json: options.json === true }, (output) => devices(deps, output));

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
    const mark = usable ? '✓' : `✗ ${reason ?? 'does not work here'}`;
    output.say(`  ${name}${hardware ? ' (hardware)' : ''}  ${mark}`);
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
