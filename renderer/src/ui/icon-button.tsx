import type { LucideIcon } from 'lucide-react';

export interface IconButtonProps {
  readonly Icon: LucideIcon;
  readonly label: string;
  /** Of one that stays pressed. */
  readonly isPressed?: boolean;
  readonly disabled?: boolean;
  readonly onClick: () => void;
}

/** A button within a field. One that is disabled keeps the focus. */
export function IconButton({ Icon, label, isPressed, disabled = false, onClick }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      aria-pressed={isPressed}
      title={label}
      aria-disabled={disabled || undefined}
      onClick={() => {
        if (!disabled) onClick();
      }}
      className="flex size-8 flex-none items-center justify-center rounded-md text-muted transition-colors not-aria-disabled:hover:text-text aria-disabled:opacity-55"
    >
      <Icon aria-hidden size={16} />
    </button>
  );
}
