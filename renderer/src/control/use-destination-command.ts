import { destinationsOf } from '@tallylight/contract';
import { useStore } from 'zustand';
import {
  actionOn,
  canChangeDestinations,
  isLastOnAir,
  type DestinationAction,
} from '../state/destination-actions.js';
import { destinationName } from '../state/profile-text.js';
import { useMessages, useSnapshot, useStage, useStudio } from './studio-context.js';

/** What a button of one destination says and does. */
export interface DestinationCommand {
  readonly action: DestinationAction;
  readonly label: string;
  /** The same with its name, for those who do not see where the button stands. */
  readonly fullLabel: string;
  /** Why that cannot be done now. */
  readonly why: string | undefined;
  /** It was asked for, and is not answered yet. */
  readonly isBusy: boolean;
  readonly run: () => void;
}

/** The command that `action` is for a destination of that name. */
export function useDestinationCommand(
  id: string,
  name: string,
  action: DestinationAction,
): DestinationCommand {
  const { t } = useMessages();
  const { liveDestinations } = useStudio();
  const isBusy = useStore(liveDestinations.asked, (asked) => asked.has(id));
  const run = (): void => {
    if (action === 'start') void liveDestinations.start(id);
    else if (action === 'stop') void liveDestinations.stop(id, name);
    else void liveDestinations.leaveOut(id);
  };
  return {
    ...{ action, isBusy, run, why: undefined },
    label: t(`window.destinations.actions.${action}`),
    fullLabel: t(`window.destinations.actionsOn.${action}`, { name }),
  };
}

/**
 * What can be done with a destination of the broadcast alone; undefined off air, and where it is the only one, which the
 * button of the whole broadcast is for.
 */
export function useOutputCommand(id: string): DestinationCommand | undefined {
  const messages = useMessages();
  const { liveDestinations, profiles: store } = useStudio();
  const snapshot = useSnapshot();
  const stage = useStage();
  const asked = useStore(liveDestinations.asked);
  const isKnown = useStore(store, ({ profiles }) => profiles.some((each) => each.id === id));
  const destinations = destinationsOf(snapshot);
  const output = destinations.find((each) => each.id === id);
  const action = output ? actionOn(output) : 'start';
  const name = output ? destinationName(output, messages) : '';
  const command = useDestinationCommand(id, name, action);
  if (!output || !canChangeDestinations(stage, snapshot)) return undefined;
  // What nobody has saved cannot be begun again.
  if (action === 'start' && !isKnown) return undefined;
  if (!isLastOnAir(output, snapshot, asked)) return command;
  if (destinations.length === 1) return undefined;
  return { ...command, why: messages.t('window.destinations.differences.unticked-last') };
}
