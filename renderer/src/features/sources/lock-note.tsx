import { Lock } from 'lucide-react';

/** For all the choices below it: each also says so itself when it is pointed at. */
export function LockNote() {
  return (
    <p className="flex items-center gap-1.5 text-xs text-muted">
      <Lock aria-hidden size={13} />
      Locked while on air
    </p>
  );
}
