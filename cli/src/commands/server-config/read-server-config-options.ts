import { resolve } from 'node:path';
import {
  AppError,
  appError,
  reason,
  type ErrorData,
  type ReasonCode,
  type ServerEngine,
} from '@tallylight/contract';
import {
  readServerConfig,
  type ServerConfigNames,
  type ServerConfigOptions,
} from '@tallylight/engine';
import { readVariable } from '../../destinations.js';
import { defaultWorkFolder } from '../../work-folder.js';

export interface RawServerConfigOptions {
  readonly role: string;
  readonly origin?: string;
  readonly originHttp?: string;
  readonly rtmp: string;
  readonly http: string;
  readonly app: string;
  readonly hls?: boolean;
  readonly dash?: boolean;
  readonly record?: string;
  readonly push?: readonly string[];
  readonly publishKeyEnv?: string;
  readonly stat?: boolean;
  readonly workFolder?: string;
  readonly output?: string;
  readonly json?: boolean;
}

const names: ServerConfigNames = {
  ...{ role: '--role', rtmp: '--rtmp', http: '--http', app: '--app', origin: '--origin' },
  ...{ originHttp: '--origin-http', hls: '--hls', dash: '--dash', record: '--record' },
  ...{ push: '--push', publishKey: '--publish-key-env', workFolder: '--work-folder' },
  otherRtmp: '--rtmp',
  // No option: who runs the command knows where the server is.
  host: '',
};

/**
 * What was typed, checked: nothing of it can break the configuration that it goes into.
 *
 * @throws AppError `INVALID_OPTION` or `INVALID_URL`. Neither tells a key.
 */
export function readServerConfigOptions(
  engine: ServerEngine,
  raw: RawServerConfigOptions,
  environment: NodeJS.ProcessEnv,
): ServerConfigOptions {
  if (engine === 'srs' && raw.workFolder !== undefined) {
    throw invalid('folder-not-used', { option: '--work-folder' });
  }
  const { record, workFolder, publishKeyEnv } = raw;
  const isChecked = engine === 'nginx' && raw.role !== 'edge';
  const read = readServerConfig(
    engine,
    {
      ...raw,
      record: record === undefined ? undefined : resolve(record),
      workFolder: resolve(workFolder ?? defaultWorkFolder(environment)),
      publishKey:
        publishKeyEnv === undefined
          ? undefined
          : {
              // What refuses a key altogether does not read it.
              key: isChecked ? readPublishKey(publishKeyEnv, environment) : '',
              variable: publishKeyEnv,
            },
    },
    names,
  );
  if (read.type === 'refused') throw new AppError(read.problems[0].error);
  return read.options;
}

function readPublishKey(variable: string, environment: NodeJS.ProcessEnv): string {
  const option = names.publishKey;
  const key = readVariable('--publish-key-env', variable, environment);
  if (key === '') throw invalid('variable-empty', { option, variable });
  return key;
}

const invalid = (code: ReasonCode, data?: ErrorData): Error =>
  appError('INVALID_OPTION', { reason: reason(code, data) });
