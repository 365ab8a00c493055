import {
  describeError,
  reason,
  serverKeySchema,
  type AppErrorInfo,
  type ServerProblem,
  type ServerSettings,
} from '@tallylight/contract';
import { toErrorInfo } from '../app-error.js';

type Ports = Pick<ServerSettings, 'rtmpPort' | 'httpPort'>;

/** Why the server does not run, and beside which of the things that it is told that is to be said. */
export function serverProblem(error: unknown, ports: Ports): ServerProblem {
  const info = toErrorInfo(error);
  const key = serverKeySchema.safeParse(info.data['key']);
  if (key.success) return { field: key.data, error: info };
  if (info.code === 'SERVER_FOLDER_UNUSABLE') return { field: 'recordTo', error: info };
  const address = addressIn(info);
  if (address === undefined) return { field: 'isOn', error: info };
  const field = address.endsWith(`:${ports.httpPort}`) ? 'httpPort' : 'rtmpPort';
  if (info.code !== 'PORT_IN_USE') return { field, error: info };
  // Whoever reads it has chosen a port, and no address.
  const port = reason('port', { port: ports[field] });
  return { field, error: describeError('PORT_IN_USE', { address: port }) };
}

/** What could not be listened on. */
function addressIn({ data }: AppErrorInfo): string | undefined {
  const why = data['reason'];
  const address = data['address'] ?? (typeof why === 'object' ? why.data?.['address'] : undefined);
  return typeof address === 'string' ? address : undefined;
}
