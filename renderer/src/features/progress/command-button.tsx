import type { DestinationCommand } from '../../control/use-destination-command.js';
import { Button } from '../../ui/button.js';

/** Ends or begins one destination alone, in its heading. */
export function CommandButton({ command }: { command: DestinationCommand }) {
  const { label, fullLabel, why, isBusy, run } = command;
  return (
    <Button
      kind="quiet"
      aria-label={fullLabel}
      title={why}
      disabled={isBusy || why !== undefined}
      onClick={run}
    >
      {label}
    </Button>
  );
}
