import type { Phase } from '@tallylight/contract';

export interface PhaseLabels {
  /** What the phase is about, for a line of its own with a mark and a time. */
  readonly short: string;
  /** While it goes on. */
  readonly active: string;
  readonly done: string;
  readonly failed: string;
}

/** How people are told of each phase. */
export const phases = {
  camera: {
    short: 'Source',
    active: 'Opening the picture source',
    done: 'Picture ready',
    failed: 'No picture',
  },
  encoder: {
    short: 'Encoder',
    active: 'Starting the encoder',
    done: 'Encoder ready',
    failed: 'The encoder failed',
  },
  dns: {
    short: 'Host name',
    active: 'Looking up the server',
    done: 'Server found',
    failed: 'Server not found',
  },
  tcp: {
    short: 'Connection',
    active: 'Connecting to the server',
    done: 'Connected',
    failed: 'Not connected',
  },
  tls: { short: 'Encryption', active: 'Encrypting', done: 'Encrypted', failed: 'Not encrypted' },
  handshake: {
    short: 'Handshake',
    active: 'RTMP handshake',
    done: 'RTMP handshake',
    failed: 'RTMP handshake failed',
  },
  connect: {
    short: 'Application',
    active: 'Asking for the application',
    done: 'Application accepted',
    failed: 'Application refused',
  },
  publish: {
    short: 'Publish',
    active: 'Presenting the stream key',
    done: 'Server agreed to publish',
    failed: 'Stream key refused',
  },
  acknowledged: {
    short: 'First bytes taken',
    active: 'Waiting for the first acknowledgement',
    done: 'First bytes acknowledged',
    failed: 'No bytes acknowledged',
  },
  stable: {
    short: 'Stable',
    active: 'Watching it for 5 s',
    done: 'Stable for 5 s',
    failed: 'Not stable',
  },
} as const satisfies Record<Phase, PhaseLabels>;

/** Phases of a connection that are no line of the checklist. */
export const morePhases = {
  proxy: 'Proxy',
  copied: 'Sent as it is',
  upload: 'Upload',
  play: 'Play',
  streaming: 'Sending',
  close: 'Closing',
} as const;
