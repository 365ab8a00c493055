/** What is known of a service besides its name and where its key is found, which are among the messages. */
export interface ServiceFacts {
  readonly id: string;
  /** Where it stands in the list. */
  readonly group: 'general' | 'china' | 'world' | 'servers';
  /**
   * Whether its address is known (`known`), known but for the host (`form`), given by the service for each account or
   * broadcast (`shown`), or anything (`any`).
   */
  readonly address: 'known' | 'form' | 'shown' | 'any';
  /** The address itself where it is known, else its form. */
  readonly urlExample: string;
  /** The form of the stream key. */
  readonly keyExample: string;
  /** Whether it asks publishers for a user and a password: `usual` where it does unless it is told otherwise. */
  readonly login: 'none' | 'possible' | 'usual';
  /** Where it takes nothing but RTMPS. */
  readonly tls?: 'required';
  /** By which a server is recognized as its: these hosts, and all below them. */
  readonly hosts?: readonly string[];
  /** What stands behind the key of a stream that nobody sees. */
  readonly testQuery?: string;
  readonly limits?: ServiceLimits;
  /** Where each of these facts is written, and when it was read; absent for what is ours. */
  readonly sources?: readonly FactSource[];
}

export interface ServiceLimits {
  /** `advised`: the service advises against more, and takes it all the same. */
  readonly videoBitrateIs?: 'advised';
  /** Bits per second; by the size, where that matters: the first row that the picture fits into. */
  readonly videoBitrate?: number | readonly VideoBitrateRow[];
  readonly audioBitrate?: number;
  /** Of the longer and of the shorter side. */
  readonly size?: readonly [number, number];
  readonly fps?: number;
  /** Seconds. */
  readonly keyframeInterval?: number;
  readonly videoCodecs?: readonly string[];
  readonly sound?: 'required';
}

export interface VideoBitrateRow {
  /** Lines. */
  readonly height: number;
  readonly fps: number;
  readonly bitrate: number;
}

export interface FactSource {
  readonly title: string;
  readonly url: string;
  readonly read: string;
  readonly facts: readonly ServiceFact[];
}

/** What a source can be the source of. */
export type ServiceFact =
  keyof Omit<ServiceLimits, 'videoBitrateIs'> | 'address' | 'key' | 'login' | 'tls' | 'testQuery';
