import { ChevronDown } from 'lucide-react';
import { useId, type KeyboardEvent } from 'react';

export interface SelectOption {
  readonly value: string;
  readonly label: string;
  /** What stands over those that it shares it with; options without one come by themselves. */
  readonly group?: string | undefined;
}

export interface SelectFieldProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly SelectOption[];
  /** Why it cannot be changed now. */
  readonly locked?: string | undefined;
  /** The id of a text that says more about it. */
  readonly describedBy?: string | undefined;
  readonly onChange: (value: string) => void;
}

export function SelectField(props: SelectFieldProps) {
  const { label, value, options, locked, describedBy, onChange } = props;
  const id = useId();
  const isLocked = locked !== undefined;
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-0.5 block text-xs text-muted">
        {label}
      </label>
      <div className="relative">
        <select
          id={id}
          value={value}
          aria-disabled={isLocked || undefined}
          title={locked}
          aria-describedby={describedBy}
          // Locked, it keeps the focus, but its list does not open.
          onMouseDown={(event) => isLocked && event.preventDefault()}
          onKeyDown={(event) => isLocked && !leavesSelect(event) && event.preventDefault()}
          onChange={(event) => !isLocked && onChange(event.target.value)}
          className="h-8.5 w-full appearance-none truncate rounded-lg border border-control-line bg-raised pr-8 pl-2.5 text-text transition-colors not-aria-disabled:hover:border-muted not-aria-disabled:hover:bg-raised-hover aria-disabled:cursor-not-allowed aria-disabled:border-line aria-disabled:text-muted"
        >
          {groupsOf(options).map(([group, members]) =>
            group === undefined ? (
              members.map(optionElement)
            ) : (
              <optgroup key={group} label={group}>
                {members.map(optionElement)}
              </optgroup>
            ),
          )}
        </select>
        <ChevronDown
          aria-hidden
          size={16}
          className="pointer-events-none absolute top-2.25 right-2.5 text-muted"
        />
      </div>
    </div>
  );
}

/** Keys that do something else than to choose. */
const leavesSelect = ({ key, ctrlKey, metaKey }: KeyboardEvent): boolean =>
  key === 'Tab' || ctrlKey || metaKey || /^F\d+$/.test(key);

function groupsOf(options: readonly SelectOption[]) {
  const groups = [...new Set(options.map(({ group }) => group))];
  return groups.map(
    (group) => [group, options.filter((option) => option.group === group)] as const,
  );
}

const optionElement = ({ value, label }: SelectOption) => (
  <option key={value} value={value}>
    {label}
  </option>
);
