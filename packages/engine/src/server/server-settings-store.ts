import { randomBytes } from 'node:crypto';
import {
  appError,
  defaultServerPorts,
  serverKeySchema,
  serverSettingsSchema,
  type AppErrorInfo,
  type ServerKey,
  type ServerKeys,
  type ServerSettings,
} from '@tallylight/contract';
import { z } from 'zod';
import type { Logger } from '../logger.js';
import { JsonFile } from '../profiles/json-file.js';
import { CipherError, type SecretCipher } from '../profiles/secret-cipher.js';

/** Off, and once it is opened to the network, closed to who has no key. */
const defaults: ServerSettings = {
  isOn: false,
  isPublic: false,
  wantsPlayKey: true,
  wantsPublishAuth: false,
  ...defaultServerPorts,
  recordTo: '',
};

const storedSchema = z.object({
  ...serverSettingsSchema.partial().shape,
  /** What the cipher made of the keys. */
  encryptedKeys: z.partialRecord(serverKeySchema, z.string()).default({}),
});

type Stored = z.infer<typeof storedSchema>;

/** More than anybody can guess, and in characters that stand for themselves in a URL. */
const keyBytes = 18;

/** What is to be another; what is absent or undefined stays. */
export type ServerSettingsChange = {
  readonly [K in keyof ServerSettings]?: ServerSettings[K] | undefined;
};

export interface ServerSettingsStoreOptions {
  readonly dataDirectory: string;
  /** Opened when a key is first encrypted or decrypted. */
  readonly secretCipher: () => Promise<SecretCipher>;
  readonly logger: Logger;
  readonly onNotice: (notice: AppErrorInfo) => void;
}

/** How the built-in server is set up in the window, in `server.json`; its keys are stored only encrypted. */
export class ServerSettingsStore {
  readonly #file: JsonFile<Stored>;
  readonly #options: ServerSettingsStoreOptions;

  constructor(options: ServerSettingsStoreOptions) {
    this.#options = options;
    this.#file = new JsonFile({
      directory: options.dataDirectory,
      name: 'server',
      parse: (value) => storedSchema.parse(value),
      empty: { encryptedKeys: {} },
      onNotice: options.onNotice,
    });
  }

  get(): ServerSettings {
    return serverSettingsSchema.parse({ ...defaults, ...this.#file.read() });
  }

  /** Changes the given fields, and makes the keys that are needed with them. */
  async update(change: ServerSettingsChange): Promise<ServerSettings> {
    const given: Partial<ServerSettings> = Object.fromEntries(
      Object.entries(change).filter(([, value]) => value !== undefined),
    );
    const { isPublic } = { ...this.get(), ...given };
    // Both: who does not want a key for watching now may want it later, and a key is on no network by being there.
    const keys = isPublic ? await this.#missingKeys() : {};
    await this.#file.update((stored) => ({
      ...stored,
      ...given,
      encryptedKeys: { ...keys, ...stored.encryptedKeys },
    }));
    return this.get();
  }

  /** @throws AppError `SERVER_KEY_UNREADABLE`, with the key that it is in `key`. */
  async keys(): Promise<ServerKeys> {
    const { encryptedKeys } = this.#file.read();
    const keys: ServerKeys = {};
    for (const key of serverKeySchema.options) {
      const encrypted = encryptedKeys[key];
      if (encrypted !== undefined) keys[key] = await this.#decrypt(key, encrypted);
    }
    return keys;
  }

  /** Puts a new key in the place of one. */
  async renew(key: ServerKey): Promise<void> {
    const encrypted = await this.#makeKey();
    await this.#file.update((stored) => ({
      ...stored,
      encryptedKeys: { ...stored.encryptedKeys, [key]: encrypted },
    }));
  }

  async #missingKeys(): Promise<ServerKeys> {
    const { encryptedKeys } = this.#file.read();
    const made: ServerKeys = {};
    for (const key of serverKeySchema.options)
      if (encryptedKeys[key] === undefined) made[key] = await this.#makeKey();
    return made;
  }

  async #makeKey(): Promise<string> {
    const key = randomBytes(keyBytes).toString('base64url');
    this.#options.logger.addSecret(key);
    const cipher = await this.#options.secretCipher();
    return cipher.encrypt(key);
  }

  async #decrypt(key: ServerKey, encrypted: string): Promise<string> {
    const cipher = await this.#options.secretCipher();
    try {
      const clear = await cipher.decrypt(encrypted);
      this.#options.logger.addSecret(clear);
      return clear;
    } catch (error) {
      const why = error instanceof CipherError ? error.reason : String(error);
      throw appError('SERVER_KEY_UNREADABLE', { key, reason: why }, { cause: error });
    }
  }
}
