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
  #firstId: string | undefined;
  #first: 'there' | 'stopped' | 'removed' = 'there';

  /** @param isLastRefused the last of them is refused until it is tried again. */
  begin(profiles: readonly Profile[], isLastRefused: boolean): void {
    this.#first = 'there';
    this.#others = profiles.map((profile, index) => ({
      profile,
      state: isLastRefused && index === profiles.length - 1 ? 'failed' : 'live',
    }));
  }

  /** What was there and was stopped begins again. */
  add(profile: Profile): void {
    const other = this.#others.find(({ profile: { id } }) => id === profile.id);
    if (other) other.state = 'live';
    else if (profile.id === this.#firstId) this.#first = 'there';
    else this.#others.push({ profile, state: 'live' });
  }

  remove(id: string): void {
    if (id === this.#firstId) this.#first = 'removed';
    this.#others = this.#others.filter(({ profile }) => profile.id !== id);
  }

  /** False: it is none of the destinations. */
  stop(id: string): boolean {
    const other = this.#others.find(({ profile }) => profile.id === id);
    if (other) other.state = 'stopped';
    else if (id === this.#firstId) this.#first = 'stopped';
    else return false;
    return true;
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
    this.#firstId = first.id;
    const others = this.#others.map(({ profile, state }): DestinationStatus => {
      const { id, name, serverUrl: url } = profile;
      if (state === 'stopped') return stopped({ ...first, id, name, url });
      if (first.state === 'connecting' || state === 'live') return { ...first, id, name, url };
      return {
        ...{ ...first, id, name, url, state, lastError: refusal },
        ...{ bitrate: 0, fps: 0, bytesSent: 0, framesSent: 0 },
        ...{ goLiveMs: undefined, steps: stepsAt(destinationPhases, 'publish', true) },
      };
    });
    const firstNow = this.#first === 'stopped' ? stopped(first) : first;
    return {
      ...snapshot,
      outputs: [...(this.#first === 'removed' ? [] : [firstNow]), ...others, ...rest],
    };
  }
}

const stopped = (status: DestinationStatus): DestinationStatus => ({
  ...status,
  ...{ state: 'stopped', bitrate: 0, fps: 0, liveSince: undefined },
});
