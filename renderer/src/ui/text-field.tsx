import { useId, type InputHTMLAttributes, type ReactNode, type Ref } from 'react';

export interface TextFieldProps extends Omit<
  InputHTMLAttributes<HTMLInputElement>,
  'className' | 'id' | 'onChange'
> {
  readonly label: string;
  readonly inputRef?: Ref<HTMLInputElement>;
  /** Sits at the right end, inside the field. */
  readonly trailing?: ReactNode;
  readonly onChange: (value: string) => void;
}

export function TextField({ label, inputRef, trailing, onChange, ...rest }: TextFieldProps) {
  const id = useId();
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
          onChange={(event) => onChange(event.target.value)}
          className={`h-8.5 w-full rounded-lg border border-control-line bg-raised pl-2.5 text-text transition-colors placeholder:text-muted read-only:border-line read-only:bg-transparent read-only:text-muted enabled:hover:not-read-only:border-muted disabled:cursor-not-allowed disabled:border-line disabled:bg-transparent disabled:text-muted aria-invalid:border-live ${trailing ? 'pr-10' : 'pr-2.5'}`}
        />
        {trailing && <div className="absolute inset-y-0 right-1 flex items-center">{trailing}</div>}
      </div>
    </div>
  );
}
