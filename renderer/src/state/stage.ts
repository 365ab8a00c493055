import { recordingsOf, type BroadcastSnapshot, type RecordingStatus } from '@tallylight/contract';

/**
 * Where the window is between off air and live, its own commands included. `cancelling` ends what never went live,
 * `stopping` what a server still has, `ending` what no server has any more. `recording`: off air, and kept on this machine.
 */
export type Stage =
  | 'recording'
  | 'off-air'
  | 'connecting'
  | 'live'
  | 'reconnecting'
  | 'cancelling'
  | 'stopping'
  | 'ending';

/** What this window has asked for and not seen yet. */
export type PendingCommand = 'none' | 'start' | 'record' | 'stop';

export function stageOf(
  { state, liveAt, outputs }: Pick<BroadcastSnapshot, 'state' | 'liveAt' | 'outputs'>,
  pending: PendingCommand,
): Stage {
  switch (state) {
    case 'idle':
    case 'ended':
      if (pending === 'none') return 'off-air';
      if (pending === 'record') return 'recording';
      return pending === 'start' ? 'connecting' : 'cancelling';
    case 'recording':
      if (pending === 'start' || goesOut(outputs))
        return pending === 'stop' ? 'cancelling' : 'connecting';
      return pending === 'stop' ? 'ending' : 'recording';
    case 'connecting':
      if (pending !== 'start' && isOnlyKept(outputs))
        return pending === 'stop' ? 'ending' : 'recording';
      return pending === 'stop' ? 'cancelling' : 'connecting';
    case 'live':
      return pending === 'stop' ? 'stopping' : 'live';
    case 'reconnecting':
      return pending === 'stop' ? 'ending' : 'reconnecting';
    case 'stopping':
      if (liveAt === undefined) return isRecorded(outputs) ? 'ending' : 'cancelling';
      return isPublic(outputs) ? 'stopping' : 'ending';
  }
}

const isPublic = (outputs: BroadcastSnapshot['outputs']): boolean =>
  outputs.some(({ reach, state }) => reach === 'public' && state === 'live');

type Outputs = BroadcastSnapshot['outputs'];

const isGoing = ({ state }: Outputs[number]): boolean => state !== 'failed' && state !== 'stopped';

/** Whether there is a server that has it, or is to have it. */
export const goesOut = (outputs: Outputs): boolean =>
  outputs.some((output) => output.reach === 'public' && isGoing(output));

/** The recording that runs. */
export const runningRecording = ({
  outputs,
}: Pick<BroadcastSnapshot, 'outputs'>): RecordingStatus | undefined =>
  recordingsOf({ outputs }).find(isGoing);

/** Whether it was recorded, and never meant to go anywhere. */
export const isOnlyRecorded = ({ outputs }: Pick<BroadcastSnapshot, 'outputs'>): boolean =>
  isOnlyKept(outputs);

const isRecorded = (outputs: Outputs): boolean => outputs.some(({ type }) => type === 'recording');

const isOnlyKept = (outputs: Outputs): boolean =>
  !outputs.some(({ reach }) => reach === 'public') && isRecorded(outputs);

/** Whether a broadcast is under way, from the click on: it holds the devices and the settings. */
export const isRunning = (stage: Stage): boolean => stage !== 'off-air';

/** Whether somebody is going to see it, sees it, or saw it until just now. */
export const isShow = (stage: Stage): boolean => stage !== 'off-air' && stage !== 'recording';

/** Whether somebody may be watching: the lamp is red, and the status begins with LIVE. */
export const isOnAir = (stage: Stage): boolean => stage === 'live' || stage === 'stopping';

/** From the first moment on air to the end, losses included. */
export const isBroadcasting = (stage: Stage): boolean =>
  isOnAir(stage) || stage === 'reconnecting' || stage === 'ending';

const lamps = {
  'off-air': 'off',
  recording: 'off',
  connecting: 'connecting',
  cancelling: 'off',
  live: 'live',
  reconnecting: 'connecting',
  stopping: 'live',
  ending: 'off',
} as const satisfies Record<Stage, string>;

/** Grey off air, amber on the way to viewers, red while somebody may be watching. */
export const lampOf = (stage: Stage): (typeof lamps)[Stage] => lamps[stage];
