import { createKeyFileBox } from './key-file-box.js';
import { createKeyringBox } from './keyring-box.js';
import type { SecretBox } from './secret-box.js';

/**
 * The strongest box that works here: the system's secret store, else a key file.
 * `TALLYLIGHT_SECRETS=key-file` asks for the file, so that a run leaves nothing in the system's store.
 */
export async function openSecretBox(
  dataDirectory: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<SecretBox> {
  if (environment['TALLYLIGHT_SECRETS'] === 'key-file') return createKeyFileBox(dataDirectory);
  try {
    return await createKeyringBox({ dataDirectory });
  } catch (error) {
    return createKeyFileBox(dataDirectory, error instanceof Error ? error.message : String(error));
  }
}
