import { stat } from 'node:fs/promises';
import { appError, reason, type ServerEngine } from '@tallylight/contract';
import {
  addressRows,
  holdsSecrets,
  openNewFile,
  serverConfigWriters,
  whyUnwritable,
  type ServerConfigOptions,
} from '@tallylight/engine';
import { serverConfigWords } from '@tallylight/messages/server-config';
import type { CliDependencies, CommandResult } from '../../cli-dependencies.js';
import { columns, padEnd } from '../../columns.js';
import type { Printer } from '../../printer.js';
import {
  readServerConfigOptions,
  type RawServerConfigOptions,
} from './read-server-config-options.js';

export const runServerConfig = (
  engine: ServerEngine,
  options: RawServerConfigOptions,
  deps: CliDependencies,
): Promise<void> =>
  deps.run({ json: options.json === true }, (printer) =>
    serverConfig(engine, options, deps, printer),
  );

async function serverConfig(
  engine: ServerEngine,
  raw: RawServerConfigOptions,
  deps: CliDependencies,
  printer: Printer,
): Promise<CommandResult> {
  const output = raw.output === '-' ? undefined : raw.output;
  if (raw.json === true && output === undefined) {
    throw appError('INVALID_OPTION', { reason: reason('json-needs-output') });
  }
  const options = readServerConfigOptions(engine, raw, deps.environment);
  await checkRecordFolder(options, printer);
  const { write, addressesOf } = serverConfigWriters[engine];
  const words = serverConfigWords(deps.messages.language);
  const text = write(options, words);
  const addresses = addressesOf(options);
  const { t } = printer.messages;
  if (output === undefined) deps.stdout.write(text);
  else {
    await writeNewFile(output, text, holdsSecrets(options) ? 0o600 : 0o666);
    const rows = addressRows(addresses, words);
    const width = Math.max(...rows.map(([name]) => columns(name)));
    for (const [name, address] of rows) printer.say(`${padEnd(name, width)}  ${address}`);
    printer.say(t('cli.serverConfig.written', { path: output }));
  }
  if (holdsSecrets(options)) printer.say(t('cli.serverConfig.secret'));
  if (options.role !== 'edge' && options.publishKey === undefined) {
    printer.say(t(engine === 'srs' ? 'cli.serverConfig.openSrs' : 'cli.serverConfig.open'));
  }
  const summary = { engine, role: options.role, addresses };
  return { summary: { ...summary, ...(output !== undefined && { path: output }) } };
}

/** The server may run on another machine, so that a folder which is not here is no mistake. A file in its place is. */
async function checkRecordFolder({ record }: ServerConfigOptions, printer: Printer): Promise<void> {
  if (record === undefined) return;
  const there = await stat(record).catch(() => undefined);
  if (there === undefined) printer.notice(reason('record-folder-absent', { folder: record }));
  else if (!there.isDirectory()) {
    const why = reason('not-folder');
    throw appError('INVALID_OPTION', { reason: reason('file-not-written', { file: record, why }) });
  }
}

async function writeNewFile(file: string, text: string, mode: number): Promise<void> {
  try {
    const opened = await openNewFile(file, mode);
    try {
      await opened.writeFile(text);
    } finally {
      await opened.close();
    }
  } catch (error) {
    const reasonOf = reason('file-not-written', { file, why: whyUnwritable(error) });
    throw appError('INVALID_OPTION', { reason: reasonOf });
  }
}
