import { FfmpegLocator, listDevices, listEncoders } from '@tallylight/engine';
import type { CameraMode } from '@tallylight/contract';
import type { CliMessages } from '@tallylight/messages/cli';
import type { CliDependencies, CommandResult } from '../../cli-dependencies.js';
import type { Printer } from '../../printer.js';

export interface DevicesOptions {
  readonly json?: boolean;
}

export const runDevices = (options: DevicesOptions, deps: CliDependencies): Promise<void> =>
  deps.run({ json: options.json === true }, (printer) => devices(deps, printer));

async function devices(deps: CliDependencies, printer: Printer): Promise<CommandResult> {
  const ffmpeg = await new FfmpegLocator({ env: deps.environment }).find();
  const { t, wording } = printer.messages;
  printer.progress(t('cli.devices.looking'));
  const { cameras, microphones } = await listDevices(ffmpeg);
  const encoders = await listEncoders(ffmpeg);

  printer.answer(t('cli.devices.cameras'));
  if (cameras.length === 0) printer.answer(`  ${t('cli.devices.none')}`);
  for (const { id, label, modes } of cameras) {
    printer.answer(`  camera:${id}  ${label}`);
    for (const mode of modes) printer.answer(`    ${describeMode(mode, t)}`);
  }
  printer.answer(t('cli.devices.microphones'));
  if (microphones.length === 0) printer.answer(`  ${t('cli.devices.none')}`);
  for (const { id, label } of microphones) printer.answer(`  mic:${id}  ${label}`);
  printer.answer(t('cli.devices.encoders'));
  for (const { name, hardware, usable, reason } of encoders) {
    const why = reason === undefined ? t('cli.devices.doesNotWork') : wording(reason);
    const kind = hardware ? t('cli.devices.hardware') : '';
    printer.answer(`  ${name}${kind}  ${usable ? '✓' : `✗ ${why}`}`);
  }
  return {
    summary: {
      ...{ cameras, microphones, encoders },
      ffmpeg: { path: ffmpeg.path, origin: ffmpeg.origin, version: ffmpeg.version },
    },
  };
}

function describeMode({ width, height, fps, format }: CameraMode, t: CliMessages['t']): string {
  const rates =
    fps && fps.length > 0 ? `  ${t('cli.devices.rates', { rates: fps.join(', ') })}` : '';
  return `${width}×${height}  ${format}${rates}`;
}
