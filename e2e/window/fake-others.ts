import {
  destinationPhases,
  type BroadcastSnapshot,
  type DestinationStatus,
  type Profile,
} from '@tallylight/contract';
import { refusal } from './fake-failures.js';
import { stepsAt } from './fake-steps.js';

const names = [
  ...['YouTube', 'Church server', 'Bilibili 直播间', 'Facebook page of the choir'],
  'A destination whose name somebody has made as long as a whole sentence about it',
  ...['Kick', 'nginx at home', 'Archive', 'Backup'],
];

/** Saved besides those that are always there: their ids are p1, p2 and so on. */
export const moreProfiles = (count: number): Profile[] =>
  names.slice(0, count).map((name, index) => {
    const serverUrl = `rtmp://p${index + 1}.example.tv/app`;
    return {
      ...{ id: `p${index + 1}`, name, serverUrl, shownUrl: serverUrl },
      ...{ hasKey: true, hasPassword: false, kind: 'rtmp' },
    };
  });

interface Other {
  readonly profile: Profile;
  state: DestinationStatus['state'];
}

/** The destinations of the fake broadcast behind its first, which has the scenario: they do as that does, or fail. */
export class FakeOthers {
  #others: Other[] = [];
  #isFirstRemoved = false;

  /** @param isLastRefused the last of them is refused until it is tried again. */
  begin(profiles: readonly Profile[], isLastRefused: boolean): void {
    this.#isFirstRemoved = false;
    this.#others = profiles.map((profile, index) => ({
      profile,
      state: isLastRefused && index === profiles.length - 1 ? 'failed' : 'live',
    }));
  }

  add(profile: Profile): void {
    this.#others.push({ profile, state: 'live' });
  }

  remove(id: string): void {
    const before = this.#others.length;
    this.#others = this.#others.filter(({ profile }) => profile.id !== id);
    if (this.#others.length === before) this.#isFirstRemoved = true;
  }

  /** False: it is none of them. */
  retry(id: string): boolean {
    const other = this.#others.find(({ profile }) => profile.id === id);
    if (other) other.state = 'live';
    return other !== undefined;
  }

  /** The broadcast with all of its destinations. */
  join(snapshot: BroadcastSnapshot): BroadcastSnapshot {
    const [first, ...rest] = snapshot.outputs;
    if (first?.type !== 'rtmp') return snapshot;
    const others = this.#others.map(({ profile, state }): DestinationStatus => {
      const { id, name, serverUrl: url } = profile;
      if (first.state === 'connecting' || state === 'live') return { ...first, id, name, url };
      return {
        ...{ ...first, id, name, url, state, lastError: refusal },
        ...{ bitrate: 0, fps: 0, bytesSent: 0, framesSent: 0 },
        ...{ goLiveMs: undefined, steps: stepsAt(destinationPhases, 'publish', true) },
      };
    });
    return {
      ...snapshot,
      outputs: [...(this.#isFirstRemoved ? [] : [first]), ...others, ...rest],
    };
  }
}
