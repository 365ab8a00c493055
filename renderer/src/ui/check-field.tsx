export interface CheckFieldProps {
  readonly label: string;
  readonly checked: boolean;
  /** Why it cannot be changed now. */
  readonly locked?: string | undefined;
  /** The id of a text that says more about it. */
  readonly describedBy?: string | undefined;
  /** The label is somebody's name for something, which may be long. */
  readonly isName?: boolean;
  readonly onChange: (checked: boolean) => void;
}

export function CheckField(props: CheckFieldProps) {
  const { label, checked, locked, describedBy, isName = false, onChange } = props;
  const isLocked = locked !== undefined;
  return (
    <label
      title={locked}
      className={`flex items-start gap-2 py-1 ${isLocked ? 'cursor-not-allowed text-muted' : 'cursor-pointer'}`}
    >
      <input
        type="checkbox"
        checked={checked}
        aria-disabled={isLocked || undefined}
        aria-describedby={describedBy}
        // Locked, it keeps the focus.
        onChange={(event) => !isLocked && onChange(event.target.checked)}
        className="mt-px size-4 flex-none accent-(--accent)"
      />
      <span className={isName ? 'min-w-0 font-medium wrap-anywhere' : ''}>{label}</span>
    </label>
  );
}
