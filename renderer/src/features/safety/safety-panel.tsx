import { useStore } from 'zustand';
import { useMessages, useStudio } from '../../control/studio-context.js';
import { CheckField } from '../../ui/check-field.js';
import { Section } from '../../ui/section.js';
import { LossesPart } from './losses-part.js';

/** What keeps a broadcast from being ended by mistake, or by a loss. */
export function SafetyPanel() {
  const { t } = useMessages();
  const { settings: store } = useStudio();
  const { settings, update } = useStore(store);
  return (
    <Section title={t('window.safety.title')}>
      <CheckField
        label={t('window.safety.holdToStop')}
        checked={settings.holdToStop}
        onChange={(holdToStop) => update({ holdToStop })}
      />
      <LossesPart />
    </Section>
  );
}
