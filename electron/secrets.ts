import { reason, type Reason } from '@tallylight/contract';
import { CipherError, createKeyFileCipher, type SecretCipher } from '@tallylight/engine';
import { safeStorage } from 'electron';

/** Names, in what is stored, who encrypted it. */
const prefix = 'v1:safe-storage:';

/**
 * Encrypts stream keys with the system's secret store. Where there is none, with a key file, which is said,
 * since it is weaker: Electron would go on without a word, with a password that is the same everywhere.
 */
export async function openElectronSecretCipher(dataDirectory: string): Promise<SecretCipher> {
  const why = await whyNoSecretStore();
  return why === undefined ? safeStorageBox() : createKeyFileCipher(dataDirectory, why);
}

async function whyNoSecretStore(): Promise<Reason | undefined> {
  if (process.platform === 'linux') {
    const backend = safeStorage.getSelectedStorageBackend();
    if (backend === 'basic_text' || backend === 'unknown') return reason('no-secret-store');
  }
  return (await safeStorage.isAsyncEncryptionAvailable())
    ? undefined
    : reason('secret-store-broken');
}

function safeStorageBox(): SecretCipher {
  return {
    protection: { type: 'system' },
    encrypt: async (text) => {
      const encrypted = await safeStorage.encryptStringAsync(text);
      return prefix + encrypted.toString('base64');
    },
    decrypt: async (text) => {
      if (!text.startsWith(prefix)) throw new CipherError(reason('key-of-another-program'));
      const encrypted = Buffer.from(text.slice(prefix.length), 'base64');
      return (await safeStorage.decryptStringAsync(encrypted)).result;
    },
  };
}
