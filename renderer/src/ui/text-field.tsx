import { useId, type InputHTMLAttributes, type ReactNode, type Ref } from 'react';
import { FieldNote } from './field-note.js';

export interface TextFieldProps extends Omit<
  InputHTMLAttributes<HTMLInputElement>,
  'className' | 'id' | 'onChange' | 'disabled'
> {
  readonly label: string;
  readonly inputRef?: Ref<HTMLInputElement>;
  /** Sits at the right end, inside the field. */
  readonly trailing?: ReactNode;
  /** It cannot be changed now; it keeps the focus all the same, and can be copied from. */
  readonly locked?: boolean;
  /** What is to be known about what it holds. */
  readonly hint?: string | undefined;
  /** What is wrong with what it holds. */
  readonly error?: string | undefined;
  readonly onChange: (value: string) => void;
}

export function TextField(props: TextFieldProps) {
  const {
    label,
    inputRef,
    trailing,
    error,
    hint,
    locked = false,
    readOnly,
    onChange,
    ...rest
  } = props;
  const id = useId();
  const note = error ?? hint;
  const noteId = useId();
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
          aria-describedby={note ? noteId : undefined}
          aria-disabled={locked || undefined}
          readOnly={readOnly === true || locked}
          onChange={(event) => onChange(event.target.value)}
          className={`h-8.5 w-full rounded-lg border border-control-line bg-raised pl-2.5 text-text transition-colors placeholder:text-muted read-only:border-line read-only:bg-transparent read-only:text-muted not-read-only:hover:border-muted aria-disabled:cursor-not-allowed aria-invalid:border-live ${trailing ? 'pr-10' : 'pr-2.5'}`}
        />
        {trailing && <div className="absolute inset-y-0 right-1 flex items-center">{trailing}</div>}
      </div>
      {note && <FieldNote id={noteId} tone={error ? 'error' : 'warning'} text={note} />}
    </div>
  );
}
