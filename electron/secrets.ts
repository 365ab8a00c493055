import { createKeyFileCipher, type SecretCipher } from '@tallylight/engine';
import { safeStorage } from 'electron';

/** Names, in what is stored, who encrypted it. */
const prefix = 'v1:safe-storage:';

const stores: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  darwin: 'the macOS keychain',
  win32: 'Windows data protection',
};

/**
 * Encrypts stream keys with the system's secret store. Where there is none, with a key file, and its description says
 * that this is weaker: Electron would go on without a word, with a password that is the same everywhere.
 */
export async function openElectronSecretCipher(dataDirectory: string): Promise<SecretCipher> {
  const reason = await whyNoSecretStore();
  return reason === undefined ? safeStorageBox() : createKeyFileCipher(dataDirectory, reason);
}

async function whyNoSecretStore(): Promise<string | undefined> {
  if (process.platform === 'linux') {
    const backend = safeStorage.getSelectedStorageBackend();
    if (backend === 'basic_text' || backend === 'unknown')
      return 'this desktop has no secret store';
  }
  return (await safeStorage.isAsyncEncryptionAvailable())
    ? undefined
    : 'the system’s secret store is not available';
}

function safeStorageBox(): SecretCipher {
  const store = stores[process.platform] ?? 'the desktop’s secret store';
  return {
    protection: 'system',
    description: `Stream keys are encrypted with ${store}.`,
    encrypt: async (text) => {
      const encrypted = await safeStorage.encryptStringAsync(text);
      return prefix + encrypted.toString('base64');
    },
    decrypt: async (text) => {
      if (!text.startsWith(prefix)) throw new Error('it was encrypted by another program');
      const encrypted = Buffer.from(text.slice(prefix.length), 'base64');
      return (await safeStorage.decryptStringAsync(encrypted)).result;
    },
  };
}
