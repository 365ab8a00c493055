import { useStore } from 'zustand';
import { useMessages, useStudio } from '../../control/studio-context.js';
import { SelectField } from '../../ui/select-field.js';

/** Seconds that are offered; another that is set is, too. */
const reconnectTimes = [0, 60, 600, 3_600] as const;
const holdTimes = [0, 2, 4, 8] as const;
const usualHold = 4;

/** What is done where a server is lost. */
export function LossesPart() {
  const { t } = useMessages();
  const { settings: store } = useStudio();
  const { settings, update } = useStore(store);
  const { reconnectSeconds = 'forever', holdSeconds = usualHold } = settings;
  const forSeconds = (seconds: number): string => {
    if (seconds === 0) return t('window.safety.notAtAll');
    if (seconds % 60 !== 0) return t('window.safety.seconds', { count: seconds });
    return t('window.safety.minutes', { count: seconds / 60 });
  };
  const held = (seconds: number): string =>
    seconds === 0 ? t('window.safety.nothing') : t('window.safety.seconds', { count: seconds });
  return (
    <>
      <SelectField
        label={t('window.safety.reconnect')}
        value={String(reconnectSeconds)}
        options={[
          { value: 'forever', label: t('window.safety.forever') },
          ...offered(reconnectTimes, reconnectSeconds, forSeconds),
        ]}
        onChange={(value) =>
          update({ reconnectSeconds: value === 'forever' ? value : Number(value) })
        }
      />
      <SelectField
        label={t('window.safety.hold')}
        value={String(holdSeconds)}
        options={offered(holdTimes, holdSeconds, held)}
        onChange={(value) => update({ holdSeconds: Number(value) })}
      />
    </>
  );
}

function offered(
  usual: readonly number[],
  chosen: number | 'forever',
  label: (seconds: number) => string,
): { readonly value: string; readonly label: string }[] {
  const all = chosen === 'forever' ? usual : [...new Set([...usual, chosen])];
  return all
    .toSorted((a, b) => a - b)
    .map((seconds) => ({ value: String(seconds), label: label(seconds) }));
}
