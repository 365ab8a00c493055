import { reason, type Reason, type SecretProtection } from '@tallylight/contract';
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/**
 * Keeps secrets unreadable in files. What `encrypt` returns names its scheme, so that a cipher can say why it cannot
 * decrypt what another one wrote.
 */
export interface SecretCipher {
  readonly protection: SecretProtection;
  encrypt(text: string): Promise<string>;
  /** @throws CipherError why, without the secret. */
  decrypt(text: string): Promise<string>;
}

/** Why a secret cannot be kept or read. */
export class CipherError extends Error {
  readonly reason: Reason;

  constructor(why: Reason) {
    super(why.reason);
    this.name = 'CipherError';
    this.reason = why;
  }
}

export const masterKeyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
const version = 'v1';

export interface AesCipherOptions {
  readonly protection: SecretProtection;
  /** Names the place of the master key in what is stored, such as `key-file`. */
  readonly scheme: string;
  /** 32 bytes. */
  readonly masterKey: Uint8Array;
}

/** A cipher that encrypts with AES-256-GCM: `v1:SCHEME:base64(nonce ‖ tag ‖ ciphertext)`. */
export function createAesCipher(options: AesCipherOptions): SecretCipher {
  const { protection, scheme, masterKey } = options;
  const prefix = `${version}:${scheme}:`;
  // The prefix is authenticated too: a stored key cannot be passed off as another scheme's.
  const authenticated = Buffer.from(prefix);

  const encrypt = (text: string): string => {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', masterKey, nonce).setAAD(authenticated);
    const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return prefix + Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]).toString('base64');
  };

  const decrypt = (text: string): string => {
    if (!text.startsWith(prefix)) throw new CipherError(otherScheme(text));
    const bytes = Buffer.from(text.slice(prefix.length), 'base64');
    if (bytes.length < nonceBytes + tagBytes) throw new CipherError(reason('key-damaged'));
    const decipher = createDecipheriv('aes-256-gcm', masterKey, bytes.subarray(0, nonceBytes), {
      authTagLength: tagBytes,
    });
    decipher.setAAD(authenticated);
    decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
    try {
      const start = decipher.update(bytes.subarray(nonceBytes + tagBytes));
      return Buffer.concat([start, decipher.final()]).toString('utf8');
    } catch {
      throw new CipherError(reason('key-of-another-machine'));
    }
  };

  return {
    protection,
    encrypt: (text) => Promise.resolve().then(() => encrypt(text)),
    decrypt: (text) => Promise.resolve().then(() => decrypt(text)),
  };
}

function otherScheme(text: string): Reason {
  const scheme = /^v\d+:([a-z-]{1,32}):/.exec(text)?.[1];
  return scheme === undefined
    ? reason('key-of-another-program')
    : reason('key-of-another-store', { scheme });
}
