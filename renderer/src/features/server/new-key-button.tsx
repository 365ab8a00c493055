import type { ServerKey } from '@tallylight/contract';
import { RefreshCw } from 'lucide-react';
import { useStore } from 'zustand';
import { useMessages, useStudio } from '../../control/studio-context.js';
import { Button } from '../../ui/button.js';

const labels = {
  publishKey: 'window.server.newPublishKey',
  playKey: 'window.server.newPlayKey',
} as const satisfies Record<ServerKey, string>;

export interface NewKeyButtonProps {
  readonly of: ServerKey;
  readonly locked: string | undefined;
}

/** Puts a new key in the place of one, after a question. */
export function NewKeyButton({ of, locked }: NewKeyButtonProps) {
  const { t } = useMessages();
  const { renewKey } = useStore(useStudio().server);
  return (
    <Button disabled={locked !== undefined} title={locked} onClick={() => void renewKey(of)}>
      <RefreshCw aria-hidden size={14} />
      {t(labels[of])}
    </Button>
  );
}
