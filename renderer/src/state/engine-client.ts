import type { ContractRouterClient } from '@orpc/contract';
import type {
  BroadcastEvent,
  BroadcastSnapshot,
  CheckInput,
  CheckSnapshot,
  FileListState,
  MonitorSnapshot,
  Profile,
  RecordingsSnapshot,
  ServerSnapshot,
  StreamChoice,
  StreamInput,
  contract,
} from '@tallylight/contract';

type ContractClient = ContractRouterClient<typeof contract>;

/** What is watched: all that is used of it is that it can be iterated. */
interface Watch<T, Args extends unknown[] = []> {
  watch(...args: Args): Promise<AsyncIterable<T>>;
}

/** The procedures of the contract, whichever transport carries them. */
export type EngineClient = Omit<
  ContractClient,
  'broadcast' | 'files' | 'monitor' | 'profiles' | 'recordings' | 'server' | 'streamInput'
> & {
  readonly broadcast: Omit<ContractClient['broadcast'], 'watch' | 'watchLog'> &
    Watch<BroadcastSnapshot> & { watchLog(): Promise<AsyncIterable<BroadcastEvent[]>> };
  readonly files: Omit<ContractClient['files'], 'watch'> & Watch<FileListState>;
  readonly monitor: Watch<MonitorSnapshot, [{ id: string }]>;
  readonly streamInput: Omit<ContractClient['streamInput'], 'watch'> &
    Watch<StreamInput, [StreamChoice]>;
  readonly recordings: Omit<ContractClient['recordings'], 'watch'> & Watch<RecordingsSnapshot>;
  readonly profiles: Omit<ContractClient['profiles'], 'watch' | 'check'> &
    Watch<Profile[]> & {
      check(input: CheckInput): Promise<AsyncIterable<CheckSnapshot>>;
    };
  readonly server: Omit<ContractClient['server'], 'watch'> & Watch<ServerSnapshot>;
};
