import { CircleX } from 'lucide-react';
import { useId, type InputHTMLAttributes, type ReactNode, type Ref } from 'react';

export interface TextFieldProps extends Omit<
  InputHTMLAttributes<HTMLInputElement>,
  'className' | 'id' | 'onChange'
> {
  readonly label: string;
  readonly inputRef?: Ref<HTMLInputElement>;
  /** Sits at the right end, inside the field. */
  readonly trailing?: ReactNode;
  /** What is wrong with what it holds. */
  readonly error?: string | undefined;
  readonly onChange: (value: string) => void;
}

export function TextField({ label, inputRef, trailing, error, onChange, ...rest }: TextFieldProps) {
  const id = useId();
  const errorId = useId();
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-0.5 block text-xs text-muted">
        {label}
      </label>
      <div className="relative">
        <input
          {...rest}
          id={id}
          ref={inputRef}
          aria-invalid={error ? true : undefined}
          aria-describedby={error ? errorId : undefined}
          onChange={(event) => onChange(event.target.value)}
          className={`h-8.5 w-full rounded-lg border border-control-line bg-raised pl-2.5 text-text transition-colors placeholder:text-muted read-only:border-line read-only:bg-transparent read-only:text-muted enabled:hover:not-read-only:border-muted disabled:cursor-not-allowed disabled:border-line disabled:bg-transparent disabled:text-muted aria-invalid:border-live ${trailing ? 'pr-10' : 'pr-2.5'}`}
        />
        {trailing && <div className="absolute inset-y-0 right-1 flex items-center">{trailing}</div>}
      </div>
      {error && (
        <p id={errorId} className="mt-1 flex items-start gap-1.5 text-xs wrap-anywhere">
          <CircleX aria-hidden size={14} className="mt-px flex-none text-live-text" />
          <span>{error}</span>
        </p>
      )}
    </div>
  );
}
