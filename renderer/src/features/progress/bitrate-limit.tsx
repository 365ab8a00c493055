import { useEffect, useId, useState } from 'react';
import { useMessages, useSnapshot, useStudio } from '../../control/studio-context.js';
import { formatKilobits } from '../../state/number-format.js';

/** A slider that is moved asks once it rests. Milliseconds. */
const settleMs = 200;
/** Kilobits per second; what the broadcast began with may be more. */
const least = 50;
const most = 8_000;
const step = 50;

/** The most that the picture may have, moved while live; only where the encoder can change. */
export function BitrateLimit() {
  const { videoBitrate, state } = useSnapshot();
  const isOnAir = state === 'live' || state === 'reconnecting';
  return isOnAir && videoBitrate ? <Slider limit={videoBitrate.limit} /> : undefined;
}

function Slider({ limit }: { readonly limit: number }) {
  const messages = useMessages();
  const { liveBitrate } = useStudio();
  const id = useId();
  /** Where it was moved to, until that is the limit. Bits per second. */
  const [wanted, setWanted] = useState<number>();
  useEffect(() => {
    if (wanted === undefined) return;
    const ask = (): void =>
      void liveBitrate
        .setLimit(wanted)
        .then(() => setWanted((now) => (now === wanted ? undefined : now)));
    const timer = setTimeout(ask, settleMs);
    return () => clearTimeout(timer);
  }, [wanted, liveBitrate]);
  const value = wanted ?? limit;
  const text = messages.t('window.numbers.kilobits', { value: formatKilobits(value, messages) });
  return (
    <div className="rounded-lg border border-line bg-raised px-2.5 py-2">
      <p className="numbers flex justify-between gap-2 text-xs text-muted">
        <label htmlFor={id}>{messages.t('window.bitrate.limit')}</label>
        <span aria-hidden>{text}</span>
      </p>
      <input
        id={id}
        type="range"
        min={least}
        max={Math.max(most, Math.ceil(limit / 1000 / step) * step)}
        step={step}
        value={value / 1000}
        aria-valuetext={text}
        onChange={(event) => setWanted(Number(event.target.value) * 1000)}
        className="block h-6 w-full accent-(--accent)"
      />
    </div>
  );
}
