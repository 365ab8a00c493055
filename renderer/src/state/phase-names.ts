import type { Phase, Step } from '@tallylight/contract';

interface PhaseNames {
  /** While it goes on. None may contain "live", which scripts and screen readers wait for in the status. */
  readonly active: string;
  readonly done: string;
  readonly failed: string;
}

export const phaseNames: Record<Phase, PhaseNames> = {
  camera: {
    active: 'Opening the camera',
    done: 'Camera gives pictures',
    failed: 'No picture from the camera',
  },
  encoder: {
    active: 'Starting the encoder',
    done: 'Encoder keeps up',
    failed: 'The encoder failed',
  },
  dns: { active: 'Looking up the server', done: 'Server found', failed: 'Server not found' },
  tcp: { active: 'Connecting to the server', done: 'Connected', failed: 'Not connected' },
  tls: { active: 'Encrypting', done: 'Encrypted', failed: 'Not encrypted' },
  handshake: {
    active: 'RTMP handshake',
    done: 'RTMP handshake',
    failed: 'RTMP handshake failed',
  },
  connect: {
    active: 'Asking for the application',
    done: 'Application accepted',
    failed: 'Application refused',
  },
  publish: {
    active: 'Presenting the stream key',
    done: 'Stream key accepted',
    failed: 'Stream key refused',
  },
  acknowledged: {
    active: 'Waiting for the first acknowledgement',
    done: 'First bytes acknowledged',
    failed: 'No bytes acknowledged',
  },
  stable: {
    active: 'Watching it for 5 s',
    done: 'Stable for 5 s',
    failed: 'Not stable',
  },
};

/** The line of the checklist for `step`. */
export function stepName(step: Step): string {
  const names = phaseNames[step.phase];
  switch (step.state) {
    case 'failed':
      return names.failed;
    case 'active':
      return names.active;
    case 'pending':
    case 'done':
    case 'skipped':
      return names.done;
  }
}
