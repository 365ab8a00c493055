import { shortenMiddle } from '@tallylight/contract';
import type { ReactNode } from 'react';
import { Section } from '../../ui/section.js';
import { StatusMark, type StatusTone } from '../../ui/status-mark.js';

/** Characters: some three lines. */
const longestPlace = 120;

export interface OutputSectionProps {
  readonly name: string;
  /** How that is, as a sign; none where it is over. */
  readonly tone: StatusTone | undefined;
  /** What people call its state. */
  readonly label: string;
  /** At the right end of the line that says it. */
  readonly aside?: ReactNode;
  /** Where it goes: an address, or a file. */
  readonly place: string;
  /** At the right end of the heading. */
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

/** How one output does, whatever its kind. */
export function OutputSection(props: OutputSectionProps) {
  const { name, tone, label, aside, place, action, children } = props;
  return (
    <Section isName title={name} action={action}>
      <div className="space-y-2.5 rounded-xl border border-line bg-raised px-3 py-3">
        <p className="flex items-center gap-2 font-semibold">
          {tone && <StatusMark tone={tone} />}
          {label}
          {aside}
        </p>
        <p className="wrap-anywhere text-muted" title={place}>
          {shortenMiddle(place, longestPlace)}
        </p>
        {children}
      </div>
    </Section>
  );
}

export function Facts({ children }: { children: ReactNode }) {
  // One column where two would cut a value off.
  return (
    <dl className="numbers grid grid-cols-[repeat(auto-fit,minmax(148px,1fr))] gap-x-3 gap-y-1.5">
      {children}
    </dl>
  );
}

export function Fact({ name, value, title }: { name: string; value: string; title?: string }) {
  return (
    <div className="flex justify-between gap-2" title={title}>
      <dt className="text-muted">{name}</dt>
      <dd className="whitespace-nowrap">{value}</dd>
    </div>
  );
}
