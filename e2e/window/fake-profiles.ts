import { builtInProfileId, describeError, type Profile } from '@tallylight/contract';
import type { EngineClient } from '../../renderer/src/state/engine-client.js';
import { failed } from './fake-failures.js';
import { moreProfiles } from './fake-others.js';

/** Saved destinations, in memory. */
export class FakeProfiles {
  #profiles: Profile[] = [
    {
      id: builtInProfileId,
      name: 'Built-in server',
      serverUrl: 'rtmp://127.0.0.1:1935/live',
      shownUrl: 'rtmp://127.0.0.1:1935/live',
      hasPassword: false,
      hasKey: true,
      kind: 'built-in',
    },
    {
      id: 'twitch',
      name: 'Twitch (main)',
      serverUrl: 'rtmps://live.example.tv/app',
      shownUrl: 'rtmps://live.example.tv/app',
      hasPassword: false,
      hasKey: true,
      kind: 'rtmp',
    },
  ];
  #removed: Profile | undefined;
  readonly #keys = new Map([['twitch', 'live_1234_abcdef']]);
  readonly #watchers = new Set<() => void>();

  /** @param more how many there are beside the usual two. */
  constructor(more: number) {
    this.#profiles.push(...moreProfiles(more));
  }

  get all(): readonly Profile[] {
    return this.#profiles;
  }

  find(id: string): Profile | undefined {
    return this.#profiles.find((profile) => profile.id === id);
  }

  readonly procedures: EngineClient['profiles'] = {
    list: () => Promise.resolve([...this.#profiles]),
    save: ({ id = crypto.randomUUID(), name, serverUrl, streamKey, service }) => {
      if (!/^rtmps?:/.test(serverUrl)) {
        return Promise.reject(
          failed(
            describeError('INVALID_URL', {
              url: serverUrl,
              reason: 'it must start with rtmp:// or rtmps://',
            }),
          ),
        );
      }
      if (streamKey !== undefined) this.#keys.set(id, streamKey);
      const hasKey = (this.#keys.get(id) ?? '') !== '';
      const profile: Profile = {
        ...{ id, name, serverUrl, shownUrl: serverUrl, hasKey, hasPassword: false },
        ...(service !== undefined && { service }),
        kind: 'rtmp',
      };
      this.change([...this.#profiles.filter((other) => other.id !== id), profile]);
      return Promise.resolve(profile);
    },
    watch: () => Promise.resolve(this.#watch()),
    remove: ({ id }) => {
      this.#removed = this.#profiles.find((profile) => profile.id === id);
      this.change(this.#profiles.filter((profile) => profile.id !== id));
      return Promise.resolve();
    },
    restore: () => {
      if (this.#removed) this.change([...this.#profiles, this.#removed]);
      return Promise.resolve();
    },
    forget: () => Promise.resolve(),
    revealKey: ({ id }) => Promise.resolve({ streamKey: this.#keys.get(id) ?? '' }),
  };

  async *#watch(): AsyncGenerator<Profile[]> {
    for (;;) {
      yield [...this.#profiles];
      await new Promise<void>((resolve) => this.#watchers.add(resolve));
    }
  }

  /** As another window, or the command line, would. */
  change(profiles: readonly Profile[]): void {
    this.#profiles = [...profiles];
    for (const wake of this.#watchers) wake();
    this.#watchers.clear();
  }
}
