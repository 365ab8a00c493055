import type { LucideIcon } from 'lucide-react';

export interface IconButtonProps {
  readonly Icon: LucideIcon;
  readonly label: string;
  /** Of one that stays pressed. */
  readonly isPressed?: boolean;
  /** Of one that opens something: whether that is open, and the id of it while it is. */
  readonly isExpanded?: boolean;
  readonly controls?: string | undefined;
  readonly disabled?: boolean;
  /** Why it cannot be pressed now. */
  readonly why?: string | undefined;
  readonly onClick: () => void;
}

/** A button within a field. One that is disabled keeps the focus. */
export function IconButton(props: IconButtonProps) {
  const { Icon, label, isPressed, isExpanded, controls, disabled = false } = props;
  const { why, onClick } = props;
  return (
    <button
      type="button"
      aria-label={label}
      aria-pressed={isPressed}
      aria-expanded={isExpanded}
      aria-controls={controls}
      title={why ?? label}
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
