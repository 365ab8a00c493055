import { useId } from 'react';
import { FieldNote } from './field-note.js';

export interface TextAreaFieldProps {
  readonly label: string;
  readonly value: string;
  readonly rows: number;
  readonly placeholder?: string;
  /** What is wrong with what it holds. */
  readonly error?: string | undefined;
  readonly onChange: (value: string) => void;
}

/** Several lines for programs. */
export function TextAreaField(props: TextAreaFieldProps) {
  const { label, value, rows, placeholder, error, onChange } = props;
  const id = useId();
  const noteId = useId();
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-0.5 block text-xs text-muted">
        {label}
      </label>
      <textarea
        id={id}
        value={value}
        rows={rows}
        placeholder={placeholder}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? noteId : undefined}
        onChange={(event) => onChange(event.target.value)}
        className="block w-full resize-y rounded-lg border border-control-line bg-raised px-2.5 py-1.5 text-text transition-colors placeholder:text-muted hover:border-muted aria-invalid:border-live"
      />
      {error && <FieldNote id={noteId} tone="error" text={error} />}
    </div>
  );
}
