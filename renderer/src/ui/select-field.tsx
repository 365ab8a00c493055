import { ChevronDown } from 'lucide-react';
import { useId } from 'react';

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
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-0.5 block text-xs text-muted">
        {label}
      </label>
      <div className="relative">
        <select
          id={id}
          value={value}
          disabled={locked !== undefined}
          title={locked}
          aria-describedby={describedBy}
          onChange={(event) => onChange(event.target.value)}
          className="h-8.5 w-full appearance-none truncate rounded-lg border border-control-line bg-raised pr-8 pl-2.5 text-text transition-colors enabled:hover:border-muted enabled:hover:bg-raised-hover disabled:cursor-not-allowed disabled:border-line disabled:text-muted"
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
