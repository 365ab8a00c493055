import {
  reason,
  serverAddressKinds,
  type ServerConfigAnswer,
  type ServerConfigInput,
  type ServerEngine,
} from '@tallylight/contract';
import { serverConfigWords, type ServerConfigWords } from '@tallylight/messages/server-config';
import {
  isEverywhere,
  nginxAddresses,
  srsAddresses,
  type ServerAddresses,
} from './config-addresses.js';
import { nginxConfig } from './nginx-config.js';
import { encodedKey } from './publish-check.js';
import { readServerConfig, type ServerConfigNames } from './read-server-config.js';
import { holdsSecrets, hostPort, type ServerConfigOptions } from './server-config-options.js';
import { srsConfig } from './srs-config.js';

export interface ServerConfigWriter {
  readonly write: (options: ServerConfigOptions, words: ServerConfigWords) => string;
  readonly addressesOf: (options: ServerConfigOptions) => ServerAddresses;
}

/** One for each server that configurations are written for. */
export const serverConfigWriters: Readonly<Record<ServerEngine, ServerConfigWriter>> = {
  nginx: { write: nginxConfig, addressesOf: nginxAddresses },
  srs: { write: srsConfig, addressesOf: srsAddresses },
};

const thisField = reason('this-field');

/** What is said of a field stands beside it. */
const names: ServerConfigNames = {
  ...{ role: thisField, host: thisField, app: thisField, origin: thisField },
  ...{ originHttp: thisField, hls: thisField, dash: thisField, record: thisField },
  ...{ push: thisField, publishKey: thisField, workFolder: thisField },
  ...{ rtmp: thisField, http: thisField, otherRtmp: reason('rtmp-address') },
};

/** The configuration that was typed in the window, or what is wrong with it. */
export function writeServerConfig(input: ServerConfigInput): ServerConfigAnswer {
  const { engine, publishKey, push, language } = input;
  const given = (text: string): string | undefined => (text === '' ? undefined : text);
  const targets = push.flatMap((url, index) => (url === '' ? [] : [{ url, index }]));
  const read = readServerConfig(
    engine,
    {
      ...input,
      ...{ host: given(input.host), record: given(input.record) },
      ...{ origin: given(input.origin), originHttp: given(input.originHttp) },
      push: targets.length === 0 ? undefined : targets.map(({ url }) => url),
      publishKey: publishKey === '' ? undefined : { key: publishKey },
    },
    names,
  );
  if (read.type === 'refused') {
    const problems = read.problems.map(({ index, ...problem }) => ({
      ...problem,
      ...(index !== undefined && { index: targets[index]?.index }),
    }));
    return { type: 'refused', problems };
  }
  const { options } = read;
  const { write, addressesOf } = serverConfigWriters[engine];
  const addresses = addressesOf(options);
  const destination = destinationOf(options);
  return {
    type: 'written',
    text: write(options, serverConfigWords(language)),
    holdsSecrets: holdsSecrets(options),
    isOpen: options.role !== 'edge' && options.publishKey === undefined,
    addresses: serverAddressKinds.flatMap((kind) => {
      const url = addresses[kind];
      return url === undefined ? [] : [{ kind, url }];
    }),
    ...(destination && { destination }),
  };
}

/** Any name does for a stream. */
const streamName = 'show';

function destinationOf({
  role,
  rtmp,
  host,
  app,
  publishKey,
}: ServerConfigOptions): { serverUrl: string; streamKey: string } | undefined {
  const name = isEverywhere(rtmp.host) ? host : rtmp.host;
  if (role === 'edge' || name === undefined) return undefined;
  return {
    serverUrl: `rtmp://${hostPort({ host: name, port: rtmp.port })}/${app}`,
    streamKey: publishKey ? `${streamName}?key=${encodedKey(publishKey.key)}` : streamName,
  };
}
