import { X, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

export interface BannerProps {
  readonly tone: 'good' | 'fair' | 'poor';
  readonly Icon: LucideIcon;
  readonly children: ReactNode;
  readonly onDismiss?: (() => void) | undefined;
  /** What the button that dismisses it is called. */
  readonly dismissLabel: string;
}

const tones = {
  good: { frame: 'border-line bg-raised', icon: 'text-ok' },
  fair: { frame: 'border-warn-line bg-warn-surface', icon: 'text-warn' },
  poor: { frame: 'border-error-line bg-error-surface', icon: 'text-live-text' },
} as const;

export function Banner({ tone, Icon, children, onDismiss, dismissLabel }: BannerProps) {
  const { frame, icon } = tones[tone];
  return (
    <div className={`flex items-start gap-3 rounded-lg border py-2.5 pr-2 pl-3 shadow-lg ${frame}`}>
      <Icon aria-hidden size={18} className={`mt-px flex-none ${icon}`} />
      <div className="min-w-0 flex-1 wrap-anywhere">{children}</div>
      {onDismiss && (
        <button
          type="button"
          onClick={onDismiss}
          aria-label={dismissLabel}
          title={dismissLabel}
          className="flex size-6 flex-none items-center justify-center rounded-md text-muted transition-colors hover:text-text"
        >
          <X aria-hidden size={16} />
        </button>
      )}
    </div>
  );
}
