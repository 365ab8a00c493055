import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';

export interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'className'> {
  readonly kind?: 'plain' | 'quiet' | 'link' | 'primary' | 'danger';
  readonly buttonRef?: Ref<HTMLButtonElement>;
  readonly children: ReactNode;
}

const shared =
  'inline-flex items-center justify-center gap-1.5 rounded-lg font-medium whitespace-nowrap transition-colors aria-disabled:cursor-not-allowed aria-disabled:opacity-55';
const plain =
  'h-8 border border-control-line bg-raised px-3 text-text not-aria-disabled:hover:bg-raised-hover not-aria-disabled:hover:border-muted';
const kinds = {
  plain,
  quiet:
    'h-7 px-2 -mx-2 text-muted not-aria-disabled:hover:bg-raised not-aria-disabled:hover:text-text',
  /** Within a sentence. */
  link: 'text-accent underline underline-offset-2 hover:no-underline',
  primary:
    'h-8 border border-transparent bg-accent px-3 text-on-accent not-aria-disabled:hover:brightness-110',
  danger: `${plain} not-aria-disabled:border-live text-live-text`,
} as const;

/** One that is disabled keeps the focus, and says why when it is pointed at. */
export function Button({
  kind = 'plain',
  buttonRef,
  disabled = false,
  onClick,
  children,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      ref={buttonRef}
      aria-disabled={disabled || undefined}
      onClick={(event) => {
        if (disabled) event.preventDefault();
        else onClick?.(event);
      }}
      className={`${shared} ${kinds[kind]}`}
    >
      {children}
    </button>
  );
}
