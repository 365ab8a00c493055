import { builtInProfileId, destinationPresets, presetOf } from '@tallylight/contract';
import { useId } from 'react';
import { useStore } from 'zustand';
import { useMessages, useStudio } from '../../control/studio-context.js';
import { SelectField } from '../../ui/select-field.js';

/** The kinds of servers that a new profile can begin from: what its fields look like there. */
export function PresetField() {
  const { t } = useMessages();
  const { ticks, profiles } = useStudio();
  const { presetId, choosePreset, close } = useStore(profiles);
  /** It is in the list already: to be ticked is all that it needs. */
  const takeBuiltIn = async (): Promise<void> => {
    if (await close()) ticks.add(builtInProfileId);
  };
  const hintId = useId();
  const hint = t(`presets.${presetId}.hint`);
  return (
    <div>
      <SelectField
        label={t('window.profiles.kind')}
        value={presetId}
        options={[
          ...destinationPresets.map(({ id, group }) => ({
            value: id,
            label: t(`presets.${id}.name`),
            group: t(`presetGroups.${group}`),
          })),
          // It is there already, ready-made.
          {
            value: builtInProfileId,
            label: t('window.profiles.builtIn'),
            group: t('presetGroups.servers'),
          },
        ]}
        describedBy={hint === '' ? undefined : hintId}
        onChange={(value) => {
          if (value === builtInProfileId) void takeBuiltIn();
          else choosePreset(presetOf(value)?.id ?? 'own');
        }}
      />
      {hint !== '' && (
        <p id={hintId} className="mt-1 text-xs text-muted wrap-anywhere">
          {hint}
        </p>
      )}
    </div>
  );
}
