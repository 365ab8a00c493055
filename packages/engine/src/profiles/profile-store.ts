import { randomUUID } from 'node:crypto';
import type { Credentials } from 'node-rtmp-client';
import { z } from 'zod';
import {
  appError,
  AppError,
  type AppErrorInfo,
  builtInProfileId,
  builtInProfileNames,
  type Profile,
  type ProfileInput,
  profileProblems,
  reason,
  type Wording,
  type SecretProtection,
} from '@tallylight/contract';
import type { Logger } from '../logger.js';
import { JsonFile } from './json-file.js';
import { readProfileExport, type ProfileExport } from './profile-export.js';
import { isSamePlace, shownUrl, withoutTokens } from './profile-url.js';
import { CipherError, type SecretCipher } from './secret-cipher.js';
import { readTypedDestination } from '../typed-destination.js';

const storedProfileSchema = z.object({
  id: z.string().min(1),
  name: z.string().min(1),
  /** Without what may be a token; older versions saved that in clear. */
  serverUrl: z.string().min(1),
  /** The whole of it, where it has one. */
  encryptedServerUrl: z.string().exactOptional(),
  /** What the cipher made of the stream key. */
  encryptedKey: z.string().exactOptional(),
  user: z.string().exactOptional(),
  encryptedPassword: z.string().exactOptional(),
  /** The whole of the address for watching: in its path, too, there may be a token. */
  encryptedPlayUrl: z.string().exactOptional(),
  /** What it was made from; an id that a newer version knows stays. */
  service: z.string().exactOptional(),
});

const storedSchema = z.object({ profiles: z.array(storedProfileSchema).default([]) });

type StoredProfile = z.infer<typeof storedProfileSchema>;
type Stored = z.infer<typeof storedSchema>;

export interface ProfileTarget {
  readonly profile: Profile;
  /** Empty where none is saved. */
  readonly streamKey: string;
  readonly credentials?: Credentials;
}

export interface ImportedProfile {
  readonly profile: Profile;
  /** The one of its name before; its key and password are gone where it went elsewhere. */
  readonly replaced?: { readonly shownUrl: string; readonly isElsewhere: boolean };
  /** Where its key is from: what was imported, or the profile that it replaced. */
  readonly key: 'imported' | 'kept' | 'none';
}

/** The ready-made profile, behind which is Tallylight's own server. */
export interface BuiltInProfile {
  /** Undefined while the server is not running: its port is not known then. */
  readonly serverUrl: string | undefined;
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

/** So many of what was removed can be had back; a window that is gone forgets none. */
const mostRemoved = 20;

/** Saved destinations, in `profiles.json`; keys, passwords and tokens in URLs are stored only encrypted. */
export class ProfileStore {
  readonly #file: JsonFile<Stored>;
  readonly #openCipher: () => Promise<SecretCipher>;
  readonly #logger: Logger;
  readonly #builtIn: BuiltInProfile;
  /** What was removed in this process, by id: gone from the file, and had back only while the process runs. */
  readonly #removed = new Map<string, { readonly stored: StoredProfile; readonly index: number }>();

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
  async list(): Promise<Profile[]> {
    const saved = this.#file.read().profiles.map((stored) => this.#describe(stored));
    return [this.#describeBuiltIn(), ...(await Promise.all(saved))];
  }

  /** Calls `listener` whenever a profile may have changed, by whichever process. Returns how to stop. */
  onChange(listener: () => void): () => void {
    return this.#file.onChange(listener);
  }

  /**
   * Creates the profile, or changes the one of `input.id`; an absent key, user or password leaves the saved one, an empty
   * one removes it. What was typed together is told apart: a user and a password in the URL, a key that is the whole URL.
   *
   * @throws AppError `INVALID_URL`, `INVALID_OPTION` (a key that is another URL), `PROFILE_NAME_TAKEN`, `PROFILE_NAME_TOO_LONG`,
   *   `PROFILE_NAME_IS_URL`, `PROFILE_NAME_IS_KEY`,
   *   `PROFILE_VALUE_TOO_LONG`,
   *   `PROFILE_READ_ONLY` or `PROFILE_NOT_FOUND`.
   */
  async save(input: ProfileInput): Promise<Profile> {
    if (input.id === builtInProfileId) throw this.#readOnly();
    assertFits(input);
    const { serverUrl, streamKey, credentials } = readTypedDestination(input);
    const { user, password } = input.user ? input : (credentials ?? input);
    const encryptedKey = streamKey ? await this.#encrypt(streamKey) : undefined;
    const encryptedPassword = password ? await this.#encrypt(password) : undefined;
    const place = withoutTokens(serverUrl);
    const encryptedServerUrl = place === serverUrl ? undefined : await this.#encrypt(serverUrl);
    const { playUrl } = input;
    const encryptedPlayUrl = playUrl ? await this.#encrypt(playUrl) : undefined;
    const id = input.id ?? randomUUID();
    await this.#file.update(({ profiles }) => {
      const before = profiles.find((profile) => profile.id === id);
      if (input.id !== undefined && !before) throw notFound(input.name);
      this.#assertNameFree(input.name, id, profiles);
      const key = streamKey === undefined ? before?.encryptedKey : encryptedKey;
      const name = user ?? before?.user;
      const secret = password === undefined ? before?.encryptedPassword : encryptedPassword;
      const watch = playUrl === undefined ? before?.encryptedPlayUrl : encryptedPlayUrl;
      const service = input.service ?? before?.service;
      const after: StoredProfile = {
        id,
        name: input.name,
        serverUrl: place,
        ...(encryptedServerUrl !== undefined && { encryptedServerUrl }),
        ...(key !== undefined && { encryptedKey: key }),
        ...(name && { user: name }),
        // Without a user it is of no use.
        ...(name && secret !== undefined && { encryptedPassword: secret }),
        ...(watch !== undefined && { encryptedPlayUrl: watch }),
        ...(service !== undefined && { service }),
      };
      return {
        profiles: before
          ? profiles.map((profile) => (profile.id === id ? after : profile))
          : [...profiles, after],
      };
    });
    return this.#describe(this.#stored(id));
  }

  /**
   * At once, and for good unless {@link restore} is called.
   *
   * @throws AppError `PROFILE_READ_ONLY` or `PROFILE_NOT_FOUND`.
   */
  async remove(id: string): Promise<void> {
    if (id === builtInProfileId) throw this.#readOnly();
    await this.#file.update(({ profiles }) => {
      const index = profiles.findIndex((profile) => profile.id === id);
      const stored = profiles[index];
      if (!stored) throw notFound(id);
      this.#removed.set(id, { stored, index });
      const [oldest = id] = this.#removed.keys();
      if (this.#removed.size > mostRemoved) this.#removed.delete(oldest);
      return { profiles: profiles.toSpliced(index, 1) };
    });
  }

  /**
   * Brings back, with its secrets and where it stood, what this store has removed.
   *
   * @throws AppError `PROFILE_NOT_FOUND`, or `PROFILE_NAME_TAKEN` where another is called so now.
   */
  async restore(id: string): Promise<void> {
    const removed = this.#removed.get(id);
    if (!removed) throw notFound(id);
    const { stored, index } = removed;
    await this.#file.update(({ profiles }) => {
      this.#assertNameFree(stored.name, id, profiles);
      return { profiles: profiles.toSpliced(index, 0, stored) };
    });
    this.#removed.delete(id);
  }

  /** A removed profile cannot be had back any more. */
  forget(id: string): void {
    this.#removed.delete(id);
  }

  /**
   * Where to publish, with the key. The ready-made profile's server may not be running yet.
   *
   * @throws AppError `PROFILE_NOT_FOUND` or `KEY_UNREADABLE`.
   */
  async target(nameOrId: string): Promise<ProfileTarget> {
    if (this.#isBuiltIn(nameOrId)) {
      return { profile: this.#describeBuiltIn(), streamKey: this.#builtIn.streamKey };
    }
    const stored = this.#stored(nameOrId);
    const { user, name, encryptedKey, encryptedPassword } = stored;
    // Nothing depends on it but the monitor.
    const playUrl = await this.#playUrl(stored).catch(() => undefined);
    return {
      profile: describe(stored, await this.#serverUrl(stored), playUrl),
      streamKey: await this.#decrypt(name, encryptedKey),
      ...(user !== undefined && {
        credentials: { user, password: await this.#decrypt(name, encryptedPassword) },
      }),
    };
  }

  /** The key in clear, empty where there is none. @throws AppError `PROFILE_NOT_FOUND` or `KEY_UNREADABLE`. */
  async revealKey(id: string): Promise<string> {
    if (this.#isBuiltIn(id)) return this.#builtIn.streamKey;
    const { name, encryptedKey } = this.#stored(id);
    return this.#decrypt(name, encryptedKey);
  }

  /** @throws AppError `KEY_UNREADABLE` when keys are asked for and one cannot be decrypted. */
  async export(options: { withKeys: boolean }): Promise<ProfileExport> {
    const profiles: ProfileExport['profiles'] = [];
    for (const stored of this.#file.read().profiles) {
      const { name, user, service } = stored;
      const streamKey = options.withKeys ? await this.#decrypt(name, stored.encryptedKey) : '';
      const playUrl = options.withKeys ? await this.#playUrl(stored) : undefined;
      profiles.push({
        name,
        serverUrl: options.withKeys
          ? await this.#serverUrl(stored)
          : withoutTokens(stored.serverUrl),
        ...(streamKey && { streamKey }),
        ...(user !== undefined && { user }),
        ...(playUrl !== undefined && { playUrl }),
        ...(service !== undefined && { service }),
      });
    }
    return { type: 'tallylight-profiles', version: 1, profiles };
  }

  /**
   * Takes in what {@link export} gave. A profile of the same name is replaced. Where it goes to the same place as before,
   * it keeps the key, the password and the token in its URL that the file does not have; they go nowhere else, for
   * whoever wrote the file would get them.
   * Every URL is checked before anything is saved.
   *
   * @throws AppError `INVALID_OPTION` when it is not such a file, or as {@link save} does, with the name of the profile
   *   in `importing`.
   */
  async import(value: unknown): Promise<ImportedProfile[]> {
    const { profiles } = readProfileExport(value);
    for (const [index, profile] of profiles.entries()) {
      const { name } = profile;
      try {
        assertFits(profile);
        readTypedDestination(profile);
        if (this.#isBuiltIn(name)) throw this.#readOnly();
      } catch (error) {
        throw withName(error, name || `#${index + 1}`);
      }
    }
    const saved: ImportedProfile[] = [];
    for (const profile of profiles) {
      const known = this.#file.read().profiles.find(({ name }) => sameName(name, profile.name));
      const lacksToken = known && withoutTokens(known.serverUrl) === profile.serverUrl;
      const serverUrl = lacksToken ? await this.#serverUrl(known) : profile.serverUrl;
      const isElsewhere = known !== undefined && !isSamePlace(known.serverUrl, profile.serverUrl);
      const nothingKept = isElsewhere && { streamKey: '', user: '', password: '', playUrl: '' };
      const input = { ...nothingKept, ...profile, serverUrl, ...(known && { id: known.id }) };
      const shownBefore = known && shownUrl(known.serverUrl);
      const after = await this.save(input);
      saved.push({
        profile: after,
        key: !after.hasKey ? 'none' : profile.streamKey ? 'imported' : 'kept',
        ...(shownBefore !== undefined && { replaced: { shownUrl: shownBefore, isElsewhere } }),
      });
    }
    return saved;
  }

  #describeBuiltIn(): Profile {
    return {
      id: builtInProfileId,
      name: builtInName,
      serverUrl: this.#builtIn.serverUrl ?? '',
      shownUrl: this.#builtIn.serverUrl ?? '',
      hasKey: true,
      hasPassword: false,
      kind: 'built-in',
    };
  }

  /** With its token, unless that cannot be decrypted: it is still there to be seen, and typed anew. */
  async #describe(stored: StoredProfile): Promise<Profile> {
    const playUrl = await this.#playUrl(stored).catch(() => undefined);
    return describe(stored, await this.#serverUrl(stored).catch(() => stored.serverUrl), playUrl);
  }

  /** @throws AppError `KEY_UNREADABLE`. */
  async #serverUrl({ name, serverUrl, encryptedServerUrl }: StoredProfile): Promise<string> {
    return encryptedServerUrl === undefined ? serverUrl : this.#decrypt(name, encryptedServerUrl);
  }

  /** @throws AppError `KEY_UNREADABLE`. */
  async #playUrl({ name, encryptedPlayUrl }: StoredProfile): Promise<string | undefined> {
    return encryptedPlayUrl === undefined ? undefined : this.#decrypt(name, encryptedPlayUrl);
  }

  #isBuiltIn(nameOrId: string): boolean {
    return nameOrId === builtInProfileId || isBuiltInName(nameOrId);
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
    const taken = profiles.find((other) => other.id !== id && sameName(other.name, name));
    if (taken || isBuiltInName(name))
      throw appError('PROFILE_NAME_TAKEN', { profile: taken?.name ?? name });
  }

  /** How the keys are kept. */
  async protection(): Promise<SecretProtection> {
    const { protection } = await this.#openCipher();
    return protection;
  }

  #readOnly(): AppError {
    return appError('PROFILE_READ_ONLY', { profile: reason('built-in-server') });
  }

  async #encrypt(secret: string): Promise<string> {
    this.#logger.addSecret(secret);
    const secretCipher = await this.#openCipher();
    return secretCipher.encrypt(secret);
  }

  /** @param name of the profile whose secret it is. */
  async #decrypt(name: string, encrypted: string | undefined): Promise<string> {
    if (encrypted === undefined) return '';
    try {
      const secretCipher = await this.#openCipher();
      const secret = await secretCipher.decrypt(encrypted);
      this.#logger.addSecret(secret);
      return secret;
    } catch (error) {
      // Nothing is wrong with this key where none can be read.
      if (error instanceof AppError) throw error;
      throw appError(
        'KEY_UNREADABLE',
        { profile: name, reason: whyUndecryptable(error) },
        { cause: error },
      );
    }
  }
}

/** Of many profiles, the one that is wrong would have to be searched for. */
function withName(error: unknown, importing: string): unknown {
  if (!(error instanceof AppError)) return error;
  const { info } = error;
  return new AppError({ ...info, data: { ...info.data, importing } }, { cause: error });
}

/** @throws AppError what is wrong with the first field. */
function assertFits(input: ProfileInput): void {
  const [problem] = profileProblems(input);
  if (problem) throw new AppError(problem.error);
}

const [builtInName] = builtInProfileNames;

const isBuiltInName = (name: string): boolean =>
  builtInProfileNames.some((each) => sameName(name, each));

/** @param serverUrl the whole of it. */
const describe = (stored: StoredProfile, serverUrl: string, playUrl?: string): Profile => {
  const { id, name, encryptedKey, user, encryptedPassword, service } = stored;
  return {
    ...{ id, name, serverUrl, shownUrl: shownUrl(serverUrl) },
    hasKey: encryptedKey !== undefined,
    ...(user !== undefined && { user }),
    hasPassword: encryptedPassword !== undefined,
    ...(playUrl !== undefined && { playUrl }),
    ...(service !== undefined && { service }),
    kind: 'rtmp',
  };
};

const whyUndecryptable = (error: unknown): Wording =>
  error instanceof CipherError ? error.reason : String(error);

/** People do not tell "Twitch" from "twitch". */
const sameName = (a: string, b: string): boolean =>
  a.trim().toLowerCase() === b.trim().toLowerCase();

const notFound = (profile: string): AppError => appError('PROFILE_NOT_FOUND', { profile });
