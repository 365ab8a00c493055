import { reason } from '@tallylight/contract';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { execa } from 'execa';
import { withFileLock } from './file-lock.js';
import {
  CipherError,
  createAesCipher,
  masterKeyBytes,
  type SecretCipher,
} from './secret-cipher.js';

const require = createRequire(import.meta.url);
const service = 'Tallylight';

/** A store that asks for its password has this long until we go on without it. */
const deadlineMs = 10_000;

/**
 * Runs in a process of its own, because a secret store may hang inside native code, where nothing in the same process
 * could stop it. It proves with a trial entry that the store keeps what it is given, then prints the master key, which
 * it creates the first time.
 *
 * On Linux the store must be the Secret Service: the library would otherwise fall back to the kernel's keyring, which
 * forgets everything at the next start of the machine.
 */
const script = `
import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
const { Entry } = createRequire(process.argv[1])(process.argv[1]);
const options = process.platform === 'linux' ? { linux: { store: 'secret-service' } } : undefined;
const entry = (name) => new Entry('${service}', name, options);
const trial = entry('trial-' + process.pid);
const written = randomBytes(8).toString('hex');
trial.setPassword(written);
const same = trial.getPassword() === written;
trial.deletePassword();
if (!same) throw new Error('a trial entry was not kept');
const master = entry('master-key');
if (master.getPassword() === null) master.setPassword(randomBytes(${masterKeyBytes}).toString('hex'));
process.stdout.write(master.getPassword() ?? '');
`;

export interface KeyringOptions {
  readonly dataDirectory: string;
  /** The Node module to use instead of @napi-rs/keyring, for tests. */
  readonly modulePath?: string;
  readonly deadlineMs?: number;
}

/**
 * A cipher whose master key lies in the system's secret store: Keychain, Credential Manager or the Secret Service.
 *
 * @throws CipherError when there is no store that works within 10 s.
 */
export async function createKeyringCipher(options: KeyringOptions): Promise<SecretCipher> {
  if (process.platform === 'linux' && !hasSessionBus()) {
    throw new CipherError(reason('no-secret-store'));
  }
  const { dataDirectory } = options;
  const modulePath = options.modulePath ?? require.resolve('@napi-rs/keyring');
  // Under the lock, so that two processes that start for the first time agree on one master key.
  const limit = options.deadlineMs ?? deadlineMs;
  const hex = await withFileLock(
    join(dataDirectory, 'keyring.lock'),
    () => readMasterKey(modulePath, limit),
    2 * limit,
  );
  const masterKey = Buffer.from(hex, 'hex');
  if (masterKey.length !== masterKeyBytes) throw new CipherError(reason('foreign-entry'));
  return createAesCipher({
    protection: { type: 'system' },
    scheme: 'keyring',
    masterKey,
  });
}

async function readMasterKey(modulePath: string, timeout: number): Promise<string> {
  const result = await execa(
    process.execPath,
    ['--input-type=module', '--eval', script, '--', modulePath],
    { timeout, killSignal: 'SIGKILL', reject: false, stdin: 'ignore' },
  );
  if (result.timedOut) throw new CipherError(reason('secret-store-silent'));
  if (result.failed) throw new CipherError(reason('secret-store-broken'));
  return result.stdout;
}

/** Without a session bus there is no Secret Service, and looking for one would only cost time. */
function hasSessionBus(): boolean {
  const { DBUS_SESSION_BUS_ADDRESS: address, XDG_RUNTIME_DIR: runtime } = process.env;
  return Boolean(address) || (runtime !== undefined && existsSync(join(runtime, 'bus')));
}
