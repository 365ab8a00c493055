import { AppError } from '@tallylight/contract';
import { createKeyFileCipher } from './key-file-cipher.js';
import { createKeyringCipher } from './keyring-cipher.js';
import { CipherError, type SecretCipher } from './secret-cipher.js';

/**
 * The strongest cipher that works here: the system's secret store, else a key file.
 * `TALLYLIGHT_SECRETS=key-file` asks for the file, so that a run leaves nothing in the system's store.
 */
export async function openSecretCipher(
  dataDirectory: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<SecretCipher> {
  if (environment['TALLYLIGHT_SECRETS'] === 'key-file') return createKeyFileCipher(dataDirectory);
  try {
    return await createKeyringCipher({ dataDirectory });
  } catch (error) {
    // A folder that cannot be used is none for a key file, either.
    if (error instanceof AppError) throw error;
    return createKeyFileCipher(
      dataDirectory,
      error instanceof CipherError ? error.reason : String(error),
    );
  }
}
