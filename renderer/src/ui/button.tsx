import type { ButtonHTMLAttributes, ReactNode } from 'react';

export interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'className'> {
  readonly kind?: 'plain' | 'quiet';
  readonly children: ReactNode;
}

const shared =
  'inline-flex items-center justify-center gap-1.5 rounded-lg font-medium whitespace-nowrap transition-colors disabled:cursor-not-allowed disabled:opacity-55';
const kinds = {
  plain:
    'h-8 border border-control-line bg-raised px-3 text-text enabled:hover:bg-raised-hover enabled:hover:border-muted',
  quiet: 'h-7 px-2 -mx-2 text-muted enabled:hover:bg-raised enabled:hover:text-text',
} as const;

export function Button({ kind = 'plain', children, ...rest }: ButtonProps) {
  return (
    <button type="button" {...rest} className={`${shared} ${kinds[kind]}`}>
      {children}
    </button>
  );
}
