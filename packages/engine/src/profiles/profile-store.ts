import { randomUUID } from 'node:crypto';
import { parseRtmpUrl, RtmpError } from 'node-rtmp-client';
import { z } from 'zod';
import {
  appError,
  type AppError,
  type AppErrorInfo,
  builtInProfileId,
  longestProfileName,
  type Profile,
  type ProfileInput,
  profileInputSchema,
  reason,
  type Wording,
  type SecretProtection,
} from '@tallylight/contract';
import type { Logger } from '../logger.js';
import { JsonFile } from './json-file.js';
import { CipherError, type SecretCipher } from './secret-cipher.js';

const storedProfileSchema = z.object({
  id: z.string().min(1),
  name: z.string().min(1),
  serverUrl: z.string().min(1),
  /** What the cipher made of the stream key. */
  encryptedKey: z.string().exactOptional(),
});

const storedSchema = z.object({ profiles: z.array(storedProfileSchema).default([]) });

type StoredProfile = z.infer<typeof storedProfileSchema>;
type Stored = z.infer<typeof storedSchema>;

const exportSchema = z.object({
  type: z.literal('tallylight-profiles'),
  version: z.literal(1),
  profiles: z.array(profileInputSchema.omit({ id: true })),
});

/** Profiles as they travel between machines. Keys are in it only when they were asked for, in clear. */
export type ProfileExport = z.infer<typeof exportSchema>;

export interface ProfileTarget {
  readonly profile: Profile;
  readonly streamKey: string;
}

/** The ready-made profile, behind which is Tallylight's own server. */
export interface BuiltInProfile {
  /** For people: while the server is not running its port is not known, and words stand for it. */
  readonly serverUrl: string;
  readonly streamKey: string;
}

export interface ProfileStoreOptions {
  readonly dataDirectory: string;
  /** Opened when a key is first encrypted or decrypted. */
  readonly secretCipher: () => Promise<SecretCipher>;
  readonly logger: Logger;
  readonly onNotice: (notice: AppErrorInfo) => void;
  readonly builtIn: BuiltInProfile;
}

/** Saved destinations, in `profiles.json`; their stream keys are stored only encrypted. */
export class ProfileStore {
  readonly #file: JsonFile<Stored>;
  readonly #openCipher: () => Promise<SecretCipher>;
  readonly #logger: Logger;
  readonly #builtIn: BuiltInProfile;

  constructor(options: ProfileStoreOptions) {
    this.#openCipher = options.secretCipher;
    this.#logger = options.logger;
    this.#builtIn = options.builtIn;
    this.#file = new JsonFile({
      directory: options.dataDirectory,
      name: 'profiles',
      parse: (value) => storedSchema.parse(value),
      empty: { profiles: [] },
      onNotice: options.onNotice,
    });
  }

  /** The ready-made profile, then the saved ones in the order in which they were made. */
  list(): Profile[] {
    return [this.#describeBuiltIn(), ...this.#file.read().profiles.map(describe)];
  }

  /**
   * Creates the profile, or changes the one of `input.id`; an absent key leaves the saved one, an empty one removes it.
   *
   * @throws AppError `INVALID_URL`, `PROFILE_NAME_TAKEN`, `PROFILE_NAME_TOO_LONG`, `PROFILE_READ_ONLY` or `PROFILE_NOT_FOUND`.
   */
  async save(input: ProfileInput): Promise<Profile> {
    if (input.id === builtInProfileId) throw this.#readOnly();
    assertNameFits(input.name);
    assertServerUrl(input.serverUrl);
    const { streamKey } = input;
    const encryptedKey = streamKey ? await this.#encrypt(streamKey) : undefined;
    const id = input.id ?? randomUUID();
    await this.#file.update(({ profiles }) => {
      const before = profiles.find((profile) => profile.id === id);
      if (input.id !== undefined && !before) throw notFound(input.name);
      this.#assertNameFree(input.name, id, profiles);
      const key = streamKey === undefined ? before?.encryptedKey : encryptedKey;
      const after: StoredProfile = {
        id,
        name: input.name,
        serverUrl: input.serverUrl,
        ...(key !== undefined && { encryptedKey: key }),
      };
      return {
        profiles: before
          ? profiles.map((profile) => (profile.id === id ? after : profile))
          : [...profiles, after],
      };
    });
    return describe(this.#stored(id));
  }

  /** @throws AppError `PROFILE_READ_ONLY` or `PROFILE_NOT_FOUND`. */
  async remove(id: string): Promise<void> {
    if (id === builtInProfileId) throw this.#readOnly();
    await this.#file.update(({ profiles }) => {
      const left = profiles.filter((profile) => profile.id !== id);
      if (left.length === profiles.length) throw notFound(id);
      return { profiles: left };
    });
  }

  /**
   * Where to publish, with the key. The ready-made profile's server may not be running yet.
   *
   * @throws AppError `PROFILE_NOT_FOUND`, `EMPTY_KEY` or `KEY_UNREADABLE`.
   */
  async target(nameOrId: string): Promise<ProfileTarget> {
    if (this.#isBuiltIn(nameOrId)) {
      return { profile: this.#describeBuiltIn(), streamKey: this.#builtIn.streamKey };
    }
    const stored = this.#stored(nameOrId);
    const streamKey = await this.#decrypt(stored);
    if (!streamKey) throw appError('EMPTY_KEY', { destination: stored.name });
    return { profile: describe(stored), streamKey };
  }

  /** The key in clear, empty where there is none. @throws AppError `PROFILE_NOT_FOUND` or `KEY_UNREADABLE`. */
  async revealKey(id: string): Promise<string> {
    if (this.#isBuiltIn(id)) return this.#builtIn.streamKey;
    return this.#decrypt(this.#stored(id));
  }

  /** @throws AppError `KEY_UNREADABLE` when keys are asked for and one cannot be decrypted. */
  async export(options: { withKeys: boolean }): Promise<ProfileExport> {
    const profiles: ProfileExport['profiles'] = [];
    for (const stored of this.#file.read().profiles) {
      const streamKey = options.withKeys ? await this.#decrypt(stored) : '';
      profiles.push({
        name: stored.name,
        serverUrl: stored.serverUrl,
        ...(streamKey && { streamKey }),
      });
    }
    return { type: 'tallylight-profiles', version: 1, profiles };
  }

  /**
   * Takes in what {@link export} gave. A profile of the same name is replaced, and keeps its key where the file has none.
   * Every URL is checked before anything is saved.
   *
   * @throws AppError `INVALID_OPTION` when it is not such a file, or as {@link save} does.
   */
  async import(value: unknown): Promise<Profile[]> {
    const parsed = exportSchema.safeParse(value);
    if (!parsed.success) {
      throw appError('INVALID_OPTION', { reason: reason('not-exported-profiles') });
    }
    for (const { name, serverUrl } of parsed.data.profiles) {
      assertNameFits(name);
      assertServerUrl(serverUrl);
      if (this.#isBuiltIn(name)) throw this.#readOnly();
    }
    const saved: Profile[] = [];
    for (const profile of parsed.data.profiles) {
      const known = this.#file.read().profiles.find(({ name }) => sameName(name, profile.name));
      saved.push(await this.save({ ...profile, ...(known && { id: known.id }) }));
    }
    return saved;
  }

  #describeBuiltIn(): Profile {
    return {
      id: builtInProfileId,
      name: builtInName,
      serverUrl: this.#builtIn.serverUrl,
      hasKey: true,
      kind: 'built-in',
    };
  }

  #isBuiltIn(nameOrId: string): boolean {
    return nameOrId === builtInProfileId || sameName(nameOrId, builtInName);
  }

  #stored(nameOrId: string): StoredProfile {
    const { profiles } = this.#file.read();
    const found =
      profiles.find(({ id }) => id === nameOrId) ??
      profiles.find(({ name }) => sameName(name, nameOrId));
    if (!found) throw notFound(nameOrId);
    return found;
  }

  #assertNameFree(name: string, id: string, profiles: readonly StoredProfile[]): void {
    const taken = profiles.some((other) => other.id !== id && sameName(other.name, name));
    if (taken || sameName(name, builtInName))
      throw appError('PROFILE_NAME_TAKEN', { profile: name });
  }

  /** How the keys are kept. */
  async protection(): Promise<SecretProtection> {
    const { protection } = await this.#openCipher();
    return protection;
  }

  #readOnly(): AppError {
    return appError('PROFILE_READ_ONLY', { profile: builtInName });
  }

  async #encrypt(streamKey: string): Promise<string> {
    this.#logger.addSecret(streamKey);
    const secretCipher = await this.#openCipher();
    return secretCipher.encrypt(streamKey);
  }

  async #decrypt({ name, encryptedKey }: StoredProfile): Promise<string> {
    if (encryptedKey === undefined) return '';
    try {
      const secretCipher = await this.#openCipher();
      const streamKey = await secretCipher.decrypt(encryptedKey);
      this.#logger.addSecret(streamKey);
      return streamKey;
    } catch (error) {
      throw appError(
        'KEY_UNREADABLE',
        { profile: name, reason: whyUndecryptable(error) },
        { cause: error },
      );
    }
  }
}

function assertNameFits(name: string): void {
  const { length } = name;
  if (length <= longestProfileName) return;
  throw appError('PROFILE_NAME_TOO_LONG', { length, longest: longestProfileName });
}

const builtInName = 'Built-in server';

const describe = ({ id, name, serverUrl, encryptedKey }: StoredProfile): Profile => ({
  id,
  name,
  serverUrl,
  hasKey: encryptedKey !== undefined,
  kind: 'rtmp',
});

const whyUndecryptable = (error: unknown): Wording =>
  error instanceof CipherError ? error.reason : String(error);

/** People do not tell "Twitch" from "twitch". */
const sameName = (a: string, b: string): boolean =>
  a.trim().toLowerCase() === b.trim().toLowerCase();

const notFound = (profile: string): AppError => appError('PROFILE_NOT_FOUND', { profile });

/** @throws AppError `INVALID_URL`. */
function assertServerUrl(url: string): void {
  try {
    parseRtmpUrl(url);
  } catch (error) {
    const why = error instanceof RtmpError ? String(error.data['reason']) : reason('malformed');
    throw appError('INVALID_URL', { url: withoutSecrets(url), reason: why }, { cause: error });
  }
}

/** What may be repeated of a URL into which somebody may have pasted a key: its protocol, host and application. */
function withoutSecrets(url: string): string {
  const match = /^([a-z][a-z0-9+.-]*:\/\/)(?:[^/@]*@)?([^/?#]*)(\/[^/?#]*)?(.?)/i.exec(url.trim());
  if (!match) return '…';
  const [, protocol = '', host = '', app = '', more = ''] = match;
  return `${protocol}${host}${app}${more && '/…'}`;
}
